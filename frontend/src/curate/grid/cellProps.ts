/** What the grid tells a cell of its place. */
export type CellProps = {
  readonly index: number
  readonly total: number
  readonly width: number
  readonly height: number
  readonly selected: boolean
  readonly focused: boolean
}
