/** Where the cells of the grid stand. All rows are alike, so the height is known as soon as the count is. Pure. */

export type GridInput = {
  /** Room for the grid, CSS pixels. */
  readonly width: number
  /** Wished width of a cell, CSS pixels. */
  readonly size: number
  /** Width over height of a cell. */
  readonly aspect: number
  readonly count: number
}

export type GridLayout = {
  readonly columns: number
  readonly rows: number
  readonly cellWidth: number
  readonly cellHeight: number
  /** From one row to the next. */
  readonly rowHeight: number
  readonly height: number
}

export const GAP = 4
export const SIZES = { least: 96, most: 560, usual: 208 } as const

export function layoutOf({ width, size, aspect, count }: GridInput): GridLayout {
  const room = Math.max(1, width)
  const columns = Math.max(1, Math.round((room + GAP) / (clampSize(size) + GAP)))
  const cellWidth = Math.max(1, (room - GAP * (columns - 1)) / columns)
  const cellHeight = Math.max(1, Math.round(cellWidth / aspect))
  const rows = Math.ceil(Math.max(0, count) / columns)
  const rowHeight = cellHeight + GAP
  return { columns, rows, cellWidth, cellHeight, rowHeight, height: Math.max(0, rows * rowHeight - GAP) }
}

export const clampSize = (size: number): number =>
  Math.min(Math.max(Math.round(size), SIZES.least), SIZES.most)

/** One notch of the wheel or press of + makes thumbnails this much larger. */
const SIZE_STEP = 1.15
export const sizeAfter = (size: number, steps: number): number => clampSize(size * SIZE_STEP ** steps)

/** The shape of a cell: that of the middle image, but never a strip. */
export function aspectOf(images: readonly { readonly width: number; readonly height: number }[]): number {
  const shapes = images
    .filter(({ width, height }) => width > 0 && height > 0)
    .map((one) => one.width / one.height)
  if (shapes.length === 0) return 4 / 3
  const middle = shapes.sort((a, b) => a - b)[Math.floor(shapes.length / 2)] ?? 4 / 3
  return Math.min(Math.max(middle, 3 / 4), 2)
}

/** Index of the first and one past the last cell of a row. */
export function cellsOfRow(layout: GridLayout, row: number, count: number): readonly [number, number] {
  const first = row * layout.columns
  return [Math.min(first, count), Math.min(first + layout.columns, count)]
}

/** A rectangle of the list, CSS pixels from its upper left corner. */
export type Rectangle = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Indices of the cells that a rectangle touches, row by row. */
export function cellsIn(
  layout: GridLayout,
  { left, top, right, bottom }: Rectangle,
  count: number,
): number[] {
  const step = layout.cellWidth + GAP
  const firstColumn = Math.max(0, Math.ceil((left - layout.cellWidth) / step))
  const lastColumn = Math.min(layout.columns - 1, Math.floor(right / step))
  const firstRow = Math.max(0, Math.ceil((top - layout.cellHeight) / layout.rowHeight))
  const lastRow = Math.min(layout.rows - 1, Math.floor(bottom / layout.rowHeight))
  const found: number[] = []
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const index = row * layout.columns + column
      if (index < count) found.push(index)
    }
  }
  return found
}

/** Where a key leads from the cell `from` (-1: none yet); null for other keys. */
export function stepTo(
  key: string,
  from: number,
  layout: GridLayout,
  count: number,
  page: number,
): number | null {
  if (count === 0) return null
  const steps: Record<string, number> = {
    arrowleft: -1,
    arrowright: 1,
    arrowup: -layout.columns,
    arrowdown: layout.columns,
    pageup: -layout.columns * page,
    pagedown: layout.columns * page,
  }
  if (key === 'home') return 0
  if (key === 'end') return count - 1
  const step = steps[key]
  if (step === undefined) return null
  if (from < 0) return 0
  return within(from, step, layout.columns, count)
}

/** Up and down stay in the column as far as they can: above the first row and below the last there is nothing. */
function within(from: number, step: number, columns: number, count: number): number {
  const to = from + step
  if (to >= 0 && to < count) return to
  if (Math.abs(step) === 1) return from
  if (to < 0) return Math.abs(step) === columns ? from : from % columns
  const lastRow = Math.floor((count - 1) / columns)
  if (Math.floor(from / columns) === lastRow) return from
  return Math.min(lastRow * columns + (from % columns), count - 1)
}

/** The thumbnail's address in the least size that is sharp in a cell of `pixels` device pixels. */
export function thumbnailFor(address: string, pixels: number): string {
  const size = [160, 320, 640].find((one) => one >= pixels * 0.9) ?? 640
  return /[?&]size=\d+/.test(address)
    ? address.replace(/([?&]size=)\d+/, `$1${size}`)
    : `${address}${address.includes('?') ? '&' : '?'}size=${size}`
}
