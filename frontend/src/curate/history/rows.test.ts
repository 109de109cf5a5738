import { describe, expect, it } from 'vitest'
import type { ProjectEvaluation, RunStep } from '../../api/types'
import { figureOf, panelsOf, scaleOf } from './panels'
import { ancestor, inOrder, lanesOf, type Row, rowsOf } from './rows'

const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`
const run = (id: number, before: number | null = null) =>
  ({
    id,
    name: `run ${id}`,
    dataset: 1,
    created_at: day(id),
    before: before && { id: before },
    start: null,
  }) as never as RunStep
const evaluation = (id: number, of: number | null, given: object = {}) =>
  ({
    id,
    dataset: 1,
    created_at: day(id),
    manifest: 1,
    images_key: '4-a',
    revision: 1,
    slices: [{ id: 1, name: 'val' }],
    counts: { images: 4 },
    figures: { AP: 0.4, AP50: 0.6, AP75: null },
    interval: { low: 0.3, high: 0.5 },
    interval50: null,
    of_class: null,
    checkpoint: null,
    prediction_set: { id, name: `set ${id}`, run: of && { id: of, name: `run ${of}` } },
    ...given,
  }) as never as ProjectEvaluation
const keys = (rows: Row[]) => rows.map(({ key }) => key)

describe('rows', () => {
  it('are runs with their evaluations, and what no run made', () => {
    const checkpoint = { id: 7, name: 'brought.pt', kind: 'uploaded' }
    const rows = rowsOf(
      [evaluation(9, null), evaluation(8, null, { checkpoint }), evaluation(5, 1)],
      [run(2, 1), run(1)],
    )
    expect(keys(rows)).toEqual(['run-1', 'run-2', 'checkpoint-7', 'set-9'])
    expect(rows.map(({ name }) => name)).toEqual(['run 1', 'run 2', 'brought.pt', 'set 9'])
    expect(rows[0]!.evaluations.map(({ id }) => id)).toEqual([5])
    expect(rows[1]!.parent).toBe('run-1')
  })

  it('forget a parent that is on another page', () => {
    expect(rowsOf([], [run(5, 2)])[0]!.parent).toBeNull()
  })

  it('stand by time, or each below what it goes on from', () => {
    const rows = rowsOf([], [run(5, 1), run(4), run(3, 2), run(2, 1), run(1)])
    expect(keys(inOrder(rows, 'time'))).toEqual(['run-1', 'run-2', 'run-3', 'run-4', 'run-5'])
    expect(keys(inOrder(rows, 'lineage'))).toEqual(['run-1', 'run-2', 'run-3', 'run-5', 'run-4'])
  })

  it('find the nearest ancestor of which something holds', () => {
    const rows = new Map(rowsOf([], [run(3, 2), run(2, 1), run(1)]).map((row) => [row.key, row]))
    expect(ancestor(rows.get('run-3')!, rows, ({ key }) => key === 'run-1')?.key).toBe('run-1')
    expect(ancestor(rows.get('run-1')!, rows, () => true)).toBeNull()
  })
})

describe('lanes', () => {
  const lanes = (runs: RunStep[]) => [...lanesOf(rowsOf([], runs)).entries()].sort().map(([, lane]) => lane)

  it('keep a chain in one', () => {
    expect(lanes([run(1), run(2, 1), run(3, 2)])).toEqual([0, 0, 0])
  })

  it('give a branch its own, which is free again after its end', () => {
    expect(lanes([run(1), run(2, 1), run(3, 1), run(4, 2), run(5, 4), run(6)])).toEqual([0, 0, 1, 0, 0, 0])
    expect(lanes([run(1), run(2, 1), run(3, 1), run(4, 3)])).toEqual([0, 0, 1, 1])
  })

  it('keep an edge clear of rows between', () => {
    // 3 goes on from 1 and comes after 2, which has nothing to do with either.
    expect(lanes([run(1), run(2), run(3, 1)])).toEqual([0, 1, 0])
  })
})

describe('panels', () => {
  it('are the same images, with a column for each state of their labels', () => {
    const later = { manifest: 2, revision: 4 }
    const elsewhere = { manifest: 3, images_key: '9-b', slices: [], counts: { images: 9 } }
    const same = { revision: 3 }
    const all = [
      evaluation(4, 2, elsewhere),
      evaluation(3, 2, later),
      evaluation(2, 2, same),
      evaluation(1, 1),
    ]
    const [first, second] = panelsOf(all)
    expect([first!.names, first!.images, second!.names, second!.images]).toEqual([['val'], 4, [], 9])
    expect(first!.columns.map(({ key, revisions }) => [key, revisions])).toEqual([
      [1, [1, 3]],
      [2, [4]],
    ])
    expect(first!.columns[0]!.evaluations.map(({ id }) => id)).toEqual([2, 1])
  })

  it('read a figure, or that of a class, with its interval where there is one', () => {
    const one = evaluation(1, 1, { of_class: { AP: 0.1, AP50: 0.2, interval: { low: 0, high: 0.3 } } })
    expect(figureOf(one, 'AP', null)).toEqual({ value: 0.4, interval: { low: 0.3, high: 0.5 } })
    expect(figureOf(one, 'AP75', null)).toEqual({ value: null, interval: null })
    expect(figureOf(one, 'AP', 'car')).toEqual({ value: 0.1, interval: { low: 0, high: 0.3 } })
    expect(figureOf(one, 'AP50', 'car')).toEqual({ value: 0.2, interval: null })
    expect(figureOf(evaluation(1, 1), 'AP', 'car').value).toBeNull()
  })

  it('have a scale that holds the intervals, and is never a point', () => {
    const { low, high } = scaleOf([{ value: 0.4, interval: { low: 0.3, high: 0.5 } }])!
    expect([low < 0.3, high > 0.5]).toEqual([true, true])
    const alone = scaleOf([{ value: 0.4, interval: null }])!
    expect(alone.high - alone.low).toBeCloseTo(0.02)
    expect(scaleOf([{ value: null, interval: null }])).toBeNull()
  })
})
