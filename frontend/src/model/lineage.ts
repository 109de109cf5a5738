import type { RunDetail } from '../api/types'

/** What stands in a lineage drawing: five columns from slices to the evaluation. */
export type NodeKind = 'slice' | 'run' | 'start' | 'manifest' | 'checkpoint' | 'evaluation'
export type Node = {
  id: string
  kind: NodeKind
  column: number
  /** Rows from the top, halves allowed. */
  row: number
  /** Index into what it stands for (train slices, checkpoints). */
  index?: number
  side?: 'train' | 'validation'
}
export type Edge = { from: string; to: string }
export type Drawing = { nodes: Node[]; edges: Edge[]; columns: number; rows: number }

/** Where everything of a run stands, and what leads to what. Pure. */
export function drawLineage(run: RunDetail): Drawing {
  const slices = run.train_slices.length
  const checkpoints = run.checkpoints.length
  // Above: training slices, then what the weights came from; below all, the validation side.
  const upper = Math.max(slices + 1, checkpoints || 1)
  const middle = (upper - 1) / 2
  const sliceRow = (upper - slices - 1) / 2
  const nodes: Node[] = [
    ...run.train_slices.map(
      (_, index): Node => ({
        id: `slice${index}`,
        kind: 'slice',
        column: 0,
        row: sliceRow + index,
        index,
        side: 'train',
      }),
    ),
    { id: 'start', kind: run.parent ? 'run' : 'start', column: 0, row: sliceRow + slices },
    { id: 'train', kind: 'manifest', column: 1, row: sliceRow + (slices - 1) / 2, side: 'train' },
    { id: 'this', kind: 'run', column: 2, row: middle },
    ...run.checkpoints.map(
      (_, index): Node => ({
        id: `checkpoint${index}`,
        kind: 'checkpoint',
        column: 3,
        row: middle - (checkpoints - 1) / 2 + index,
        index,
      }),
    ),
    { id: 'validationSlice', kind: 'slice', column: 0, row: upper, side: 'validation' },
    { id: 'validation', kind: 'manifest', column: 1, row: upper, side: 'validation' },
    { id: 'evaluation', kind: 'evaluation', column: 4, row: upper },
  ]
  const best = run.checkpoints.findIndex(({ kind }) => kind === 'best')
  const judged = checkpoints > 0 ? `checkpoint${Math.max(0, best)}` : 'this'
  const edges: Edge[] = [
    ...run.train_slices.map((_, index) => ({ from: `slice${index}`, to: 'train' })),
    { from: 'train', to: 'this' },
    { from: 'start', to: 'this' },
    ...run.checkpoints.map((_, index) => ({ from: 'this', to: `checkpoint${index}` })),
    { from: 'validationSlice', to: 'validation' },
    { from: 'validation', to: 'evaluation' },
    { from: judged, to: 'evaluation' },
  ]
  return { nodes, edges, columns: 5, rows: upper + 1 }
}

/** Sizes of the drawing in pixels. */
export const NODE = { width: 176, height: 48, gapX: 44, gapY: 12 }

export const leftOf = (column: number): number => column * (NODE.width + NODE.gapX)
export const topOf = (row: number): number => row * (NODE.height + NODE.gapY)

/** An edge as an SVG path: out of the right side of one node, into the left side of another. */
export function edgePath(from: Node, to: Node): string {
  const x1 = leftOf(from.column) + NODE.width
  const y1 = topOf(from.row) + NODE.height / 2
  const x2 = leftOf(to.column)
  const y2 = topOf(to.row) + NODE.height / 2
  // It bends in the gap before its end, so that a long edge runs straight below what it passes.
  const bend = x2 - NODE.gapX
  const start = Math.min(bend, x1)
  const line = bend > x1 ? `L ${bend} ${y1} ` : ''
  const half = (Math.max(start, bend) + x2) / 2
  return `M ${x1} ${y1} ${line}C ${half} ${y1}, ${half} ${y2}, ${x2} ${y2}`
}
