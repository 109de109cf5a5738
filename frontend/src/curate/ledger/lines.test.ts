import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../api/types'
import { changeText, figureText, stepsOf, workShares } from './lines'

const person = { id: 2, email: 'bob@example.org', name: 'Bob' }
const counts = { relabelled: 2, moved: 0, added: 1, removed: 0 }
const times = { started_at: null, finished_at: null, wall_seconds: 60, machine_seconds: 60, human_seconds: 0 }
const figures = {
  evaluation: 31,
  revision: 1,
  images: 100,
  iou: 0.5,
  conf: 0.3,
  evaluator: 'halfday-1',
  AP: { value: 0.4, low: 0.38, high: 0.43 },
  AP50: { value: 0.6, low: null, high: null },
  on_training_images: 0,
  unlabelled: 0,
}
const difference = (value: number) => ({
  a: 0.4,
  b: 0.4 + value,
  value,
  low: value - 0.01,
  high: value + 0.02,
  p: 0.01,
  verdict: 'proven' as const,
})

const ledger = {
  dataset: { id: 7, name: 'Roads' },
  run: { id: 12, name: 'corrected' },
  weakness: {
    evaluation: { id: 31, name: 'baseline · r1' },
    figures,
    smallest_shown: 0.011,
    weakest: [{ class_id: 5, name: 'rider', AP: { value: 0.1, low: 0.05, high: 0.15 }, boxes: 40 }],
    costs: [{ error: 'missed', delta_ap: 0.12, count: 90 }],
    confused: [{ labelled: 'car', predicted: 'truck', labelled_id: 3, predicted_id: 4, boxes: 9 }],
    weak_slices: [
      {
        q: 'time = "night"',
        facts: [],
        class: null,
        measure: 'recall',
        difference: -0.2,
        low: -0.3,
        high: -0.1,
      },
    ],
  },
  searches: [
    {
      id: 6,
      kind: 'mislabels',
      source: 'train',
      slices: [],
      suggestions: 10,
      verdicts: { pending: 2, accepted: 6, corrected: 0, rejected: 2 },
      precision: { value: 0.75, low: 0.41, high: 0.93 },
      reviewers: [],
    },
  ],
  batches: [
    {
      id: 4,
      name: 'mislabels',
      images: 8,
      done: 8,
      seconds: 1800,
      people: [{ person, tasks: 8, changed: 3, seconds: 1800 }],
    },
  ],
  revisions: [{ number: 2, message: 'Corrected', author: person, counts }],
  labels: {
    training: { ...counts, labels: 3, images: 2 },
    validation: { relabelled: 0, moved: 0, added: 0, removed: 0, labels: 0, images: 0 },
  },
  slices: [{ role: 'added', id: 9, name: 'more', images: 120, origin: 'query', q: 'any("rider")' }],
  runs: [
    {
      role: 'run',
      id: 12,
      name: 'corrected',
      images: 600,
      revision: 2,
      seed: 0,
      seconds: 300,
      differs: [],
      figures,
    },
  ],
  gains: {
    control: {
      over: { id: 13, name: 'control' },
      comparison: 3,
      pair: null,
      images: 100,
      mAP: difference(0.02),
      table: { old_labels: { a: 0.4, b: 0.41, difference: difference(0.01) } },
    },
    before: {
      over: { id: 11, name: 'baseline' },
      comparison: null,
      pair: { a: 1, b: 2 },
      images: null,
      mAP: null,
      table: null,
    },
    root: null,
  },
  seeds: null,
  time: {
    ...times,
    stages: [
      { ...times, stage: 'baseline' },
      { ...times, stage: 'diagnosis' },
      { ...times, stage: 'training' },
    ],
  },
} as unknown as Ledger

const lines = stepsOf(ledger).flatMap((step) => step.lines)
const line = (key: string) => lines.find((one) => one.key === key)

describe('the steps of a ledger', () => {
  it('stand in the order of the loop', () => {
    expect(stepsOf(ledger).map(({ name }) => name)).toEqual([
      'weakness', 'search', 'labels', 'data', 'runs', 'gain',
    ]) // biome-ignore format: one line
  })

  it('take their times from the stages that belong to them', () => {
    const stages = Object.fromEntries(
      stepsOf(ledger).map(({ name, times }) => [name, times.map(({ stage }) => stage)]),
    )
    expect(stages.weakness).toEqual(['baseline', 'diagnosis'])
    expect(stages.runs).toEqual(['training'])
    expect(stages.labels).toEqual([])
  })

  it('lead every line to the page behind it', () => {
    expect(Object.fromEntries(lines.map(({ key, href }) => [key, href]))).toEqual({
      evaluation: '/evaluations/31',
      'class-5': '/datasets/7?view=objects&evaluation=31&cell=5%3A0',
      'error-missed': '/evaluations/31/boxes?iou=0.5&rows=budget&verdicts=fn&errors=missed',
      'confused-3-4': '/datasets/7?view=objects&evaluation=31&cell=3%3A4',
      'slice-0': '/datasets/7?q=time+%3D+%22night%22',
      'search-6': '/curate/7/auto/6',
      'batch-4': '/batches/4',
      'revision-2': '/datasets/7/revisions/2',
      'net-training': '/datasets/7/revisions',
      'added-9': '/datasets/7/slices/9',
      'run-12': '/runs/12',
      'gain-control': '/comparisons/3',
      'gain-before': '/runs/12',
    })
  })

  it('give figures with their intervals', () => {
    expect(line('evaluation')?.figure).toBe('mAP 40.0 [38.0, 43.0]')
    expect(line('gain-control')).toMatchObject({ figure: '+2.0 [+1.0, +4.0]', verdict: 'proven' })
    expect(line('gain-control')?.notes).toContainEqual(['onOldLabels', { change: '+1.0 [0.0, +3.0]' }])
    expect(line('net-training')?.figure).toEqual(['did.labels', { count: 3, n: '3' }])
    expect(line('search-6')?.figure).toBe('75% [41%, 93%]')
  })

  it('name the part of a search that was right beside its figure, and only where there is one', () => {
    expect(line('search-6')?.notes.at(-1)).toEqual(['partRight'])
    const undecided = { ...ledger.searches[0]!, precision: { value: null, low: null, high: null } }
    const [search] = stepsOf({ ...ledger, searches: [undecided] }).filter(({ name }) => name === 'search')
    expect(search!.lines[0]!.notes).not.toContainEqual(['partRight'])
  })

  it('say what is not compared yet, and nothing of labels that stayed', () => {
    expect(line('gain-before')?.notes).toEqual([['notCompared']])
    expect(line('gain-before')?.figure).toBeUndefined()
    expect(line('net-validation')).toBeUndefined()
    expect(line('net-training')?.notes).toEqual([
      ['inImages', { count: 2, n: '2' }],
      ['did.relabelled', { n: '2' }],
      ['did.added', { n: '1' }],
    ])
  })

  it('leave out a step that has nothing to tell', () => {
    expect(stepsOf({ ...ledger, weakness: null, searches: [] }).map(({ name }) => name)).not.toContain(
      'search',
    )
  })
})

describe('figures', () => {
  it('stand alone where there is no interval', () => {
    expect(figureText({ value: 0.423, low: null, high: null })).toBe('42.3')
    expect(changeText({ value: -0.002, low: null, high: null })).toBe('−0.2')
    expect(changeText({ value: null, low: null, high: null })).toBe('–')
  })
})

describe('the bar of times', () => {
  it('divides work between machines and people', () => {
    expect(workShares({ machine_seconds: 900, human_seconds: 300 })).toEqual({ machine: 0.75, human: 0.25 })
    expect(workShares({ machine_seconds: 0, human_seconds: 0 })).toBeNull()
  })
})
