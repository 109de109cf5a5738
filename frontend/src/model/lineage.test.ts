import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../api/types'
import { drawLineage, edgePath, leftOf, NODE } from './lineage'

function run(slices: number, checkpoints: string[], parent: boolean): RunDetail {
  return {
    train_slices: Array.from({ length: slices }, (_, id) => ({ id, name: `s${id}` })),
    checkpoints: checkpoints.map((kind, id) => ({ id, kind })),
    parent: parent ? { id: 1, name: 'v1' } : null,
  } as unknown as RunDetail
}

describe('drawLineage', () => {
  it('leads from the slices over the run to the evaluation', () => {
    const { nodes, edges } = drawLineage(run(2, ['last', 'best'], true))
    expect(nodes.find(({ id }) => id === 'start')?.kind).toBe('run')
    expect(edges).toContainEqual({ from: 'slice1', to: 'train' })
    expect(edges).toContainEqual({ from: 'start', to: 'this' })
    expect(edges).toContainEqual({ from: 'checkpoint1', to: 'evaluation' })
  })

  it('lets the run itself be judged before there is a checkpoint', () => {
    const { edges, nodes } = drawLineage(run(1, [], false))
    expect(edges).toContainEqual({ from: 'this', to: 'evaluation' })
    expect(nodes.find(({ id }) => id === 'start')?.kind).toBe('start')
  })

  it('never puts two nodes on one place', () => {
    for (const slices of [1, 2, 3, 6]) {
      for (const checkpoints of [[], ['best'], ['best', 'last']]) {
        const { nodes, rows, columns } = drawLineage(run(slices, checkpoints, true))
        const places = nodes.map(({ column, row }) => `${column}/${row}`)
        expect(new Set(places).size).toBe(places.length)
        for (const { column, row } of nodes) {
          expect(column).toBeLessThan(columns)
          expect(row).toBeGreaterThanOrEqual(0)
          expect(row).toBeLessThanOrEqual(rows - 1)
        }
      }
    }
  })
})

describe('edgePath', () => {
  it('runs from the right side of one node to the left side of the other', () => {
    const path = edgePath(
      { id: 'a', kind: 'slice', column: 0, row: 0 },
      { id: 'b', kind: 'run', column: 1, row: 1 },
    )
    expect(path.startsWith(`M ${NODE.width} ${NODE.height / 2} `)).toBe(true)
    expect(path.endsWith(`${leftOf(1)} ${NODE.height * 1.5 + NODE.gapY}`)).toBe(true)
  })
})
