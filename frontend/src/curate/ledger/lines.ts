import type { Ledger, LedgerGain } from '../../api/types'
import { count, duration, percent, personName, points, signedPoints } from '../../ui/format'
import { type Bounds, isKnown } from '../../ui/interval'

/** A text of `locales/`, with what fills its gaps. */
export type Words = [key: string, gaps?: Record<string, string | number>]

/** One line of the timeline: what, the page behind it, what is to be said beside it, and its figure. */
export type Line = {
  key: string
  href: string
  what: string | Words
  notes: Words[]
  figure?: string | Words
  /** The word for a difference. */
  verdict?: 'proven' | 'not_shown' | 'regressed'
  /** The line that the others of its step stand around. */
  main?: boolean
}
export type Step = { name: StepName; lines: Line[]; times: StageTimes[] }
export type StepName = 'weakness' | 'search' | 'labels' | 'data' | 'runs' | 'gain'
type StageTimes = Ledger['time']['stages'][number]

const STAGES: Record<StepName, StageTimes['stage'][]> = {
  weakness: ['baseline', 'diagnosis'],
  search: ['search'],
  labels: ['correction'],
  data: [],
  runs: ['training'],
  gain: ['proof'],
}

/** The steps that have anything to tell, in their order. */
export function stepsOf(ledger: Ledger): Step[] {
  const lines: Record<StepName, Line[]> = {
    weakness: weaknessLines(ledger),
    search: searchLines(ledger),
    labels: labelLines(ledger),
    data: dataLines(ledger),
    runs: runLines(ledger),
    gain: gainLines(ledger),
  }
  return (Object.keys(lines) as StepName[])
    .map((name) => ({
      name,
      lines: lines[name],
      times: ledger.time.stages.filter(({ stage }) => STAGES[name].includes(stage)),
    }))
    .filter((step) => step.lines.length > 0)
}

/** 42.3 [41.2, 42.9], in points. */
export function figureText(figure: { value: number | null } & Bounds): string {
  return isKnown(figure)
    ? `${points(figure.value)} [${points(figure.low)}, ${points(figure.high)}]`
    : points(figure.value)
}

/** +2.1 [+0.4, +3.8], in points. */
export function changeText(change: { value: number | null } & Bounds): string {
  if (change.value === null) return '–'
  return isKnown(change)
    ? `${signedPoints(change.value)} [${signedPoints(change.low)}, ${signedPoints(change.high)}]`
    : signedPoints(change.value)
}

function weaknessLines({ weakness, dataset }: Ledger): Line[] {
  if (!weakness) return []
  const { evaluation, figures, smallest_shown } = weakness
  const boxes = (asked: Record<string, string | number>, of = '') =>
    `${of || `/datasets/${dataset.id}`}?${new URLSearchParams(stringValues(asked))}`
  const objects = (cell: string) => boxes({ view: 'objects', evaluation: evaluation.id, cell })
  return [
    {
      key: 'evaluation',
      href: `/evaluations/${evaluation.id}`,
      what: evaluation.name,
      main: true,
      notes:
        smallest_shown === null || smallest_shown === undefined
          ? []
          : [['smallest', { points: points(smallest_shown) }]],
      figure: figures ? `mAP ${figureText(figures.AP)}` : undefined,
    },
    ...weakness.weakest.map((one) => ({
      key: `class-${one.class_id}`,
      href: objects(`${one.class_id}:0`),
      what: ['weakClass', { name: one.name }] as Words,
      notes: [counted('boxes', one.boxes)],
      figure: `AP ${figureText(one.AP)}`,
    })),
    ...(weakness.costs ?? []).map((one) => ({
      key: `error-${one.error}`,
      href: boxes(
        {
          iou: figures?.iou ?? 0.5,
          rows: 'budget',
          verdicts: one.error === 'missed' ? 'fn' : 'fp',
          errors: one.error,
        },
        `/evaluations/${evaluation.id}/boxes`,
      ),
      what: [`error.${one.error}`] as Words,
      notes: [counted('errors', one.count)],
      figure: one.delta_ap === null ? undefined : `ΔAP ${signedPoints(one.delta_ap)}`,
    })),
    ...weakness.confused.map((one) => ({
      key: `confused-${one.labelled_id}-${one.predicted_id}`,
      href: objects(`${one.labelled_id}:${one.predicted_id}`),
      what: ['confused', { labelled: one.labelled, predicted: one.predicted }] as Words,
      notes: [counted('boxes', one.boxes)],
    })),
    ...weakness.weak_slices.map((one, place) => ({
      key: `slice-${place}`,
      href: one.q ? boxes({ q: one.q }) : `/evaluations/${evaluation.id}`,
      what:
        one.q || [...one.facts.map(({ name, label }) => label ?? name), one.class].filter(Boolean).join(', '),
      notes: [['worse', { measure: one.measure === 'ap' ? 'AP' : one.measure }]] as Words[],
      figure: changeText({ value: one.difference, low: one.low, high: one.high }),
    })),
  ]
}

const stringValues = (asked: Record<string, string | number>) =>
  Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, String(value)]))

function searchLines({ searches, dataset }: Ledger): Line[] {
  return searches.map((one) => {
    const { accepted, corrected, rejected } = one.verdicts
    const decided = accepted + corrected + rejected
    const right = one.precision
    return {
      key: `search-${one.id}`,
      href: `/curate/${dataset.id}/auto/${one.id}`,
      what: [`kind.${one.kind}`],
      main: true,
      notes: [
        ...(one.source ? [['in', { name: one.source }] as Words] : []),
        ...one.slices.map((made) => ['made', { name: made.name, n: count(made.image_count ?? 0) }] as Words),
        ...(one.suggestions
          ? [['suggestions', { n: count(one.suggestions), decided: count(decided) }] as Words]
          : []),
        ...one.reviewers.map(({ person, verdicts }) => by(person, 'verdictsOf', count(verdicts))),
        ...(right.value === null ? [] : [['partRight'] as Words]), // last: the figure stands beside it
      ],
      figure:
        right.value === null
          ? undefined
          : isKnown(right)
            ? `${percent(right.value)} [${percent(right.low)}, ${percent(right.high)}]`
            : percent(right.value),
    }
  })
}

/** A number of things: one of them may have a word of its own. */
const counted = (key: string, number: number): Words => [key, { count: number, n: count(number) }]

type Person = { name: string; email: string } | null
const by = (person: Person, key: string, n: string): Words => [key, { name: personName(person), n }]

function labelLines({ batches, revisions, labels, dataset }: Ledger): Line[] {
  const { training, validation } = labels
  const net = [
    ['training', training],
    ['validation', validation],
  ] as const
  const work: Line[] = batches.map((one) => ({
    key: `batch-${one.id}`,
    href: `/batches/${one.id}`,
    what: one.name,
    main: true,
    notes: [
      ['batchImages', { done: count(one.done), n: count(one.images) }],
      ...one.people.map(({ person, tasks }) => by(person, 'tasksOf', count(tasks))),
    ],
    figure: duration(one.seconds),
  }))
  const written: Line[] = revisions.map((one) => ({
    key: `revision-${one.number}`,
    href: `/datasets/${dataset.id}/revisions/${one.number}`,
    what: ['revision', { n: one.number, message: one.message || '' }],
    notes: [['author', { name: personName(one.author) }], ...kindWords(one.counts)],
  }))
  const left: Line[] = net
    .filter(([, changed]) => changed.labels > 0)
    .map(([where, changed]) => ({
      key: `net-${where}`,
      href: `/datasets/${dataset.id}/revisions`,
      what: [`changed.${where}`],
      main: true,
      notes: [counted('inImages', changed.images), ...kindWords(changed)],
      figure: counted('did.labels', changed.labels),
    }))
  return [...work, ...written, ...left]
}

const KINDS = ['relabelled', 'moved', 'added', 'removed'] as const
type KindCounts = Record<(typeof KINDS)[number], number>
const kindWords = (counts: KindCounts): Words[] =>
  KINDS.filter((kind) => counts[kind] > 0).map((kind) => [`did.${kind}`, { n: count(counts[kind]) }])

function dataLines({ slices, dataset }: Ledger): Line[] {
  return slices.map((one) => ({
    key: `${one.role}-${one.id}`,
    href: `/datasets/${dataset.id}/slices/${one.id}`,
    what: one.name,
    main: one.role === 'added' || one.role === 'removed',
    notes: [[`role.${one.role}`], one.q ? ['query', { q: one.q }] : [`origin.${one.origin}`]],
    figure: counted('images', one.images),
  }))
}

function runLines({ runs }: Ledger): Line[] {
  return runs.map((one) => ({
    key: `run-${one.id}`,
    href: `/runs/${one.id}`,
    what: one.name,
    main: one.role === 'run',
    notes: [
      [`run.${one.role}`],
      ['trainedOn', { n: count(one.images ?? 0), revision: one.revision }],
      ['seed', { n: one.seed }],
      ...one.differs.map(({ name, after }) => ['setting', { name, value: String(after) }] as Words),
      ...(one.seconds === null ? [] : [['took', { time: duration(one.seconds) }] as Words]),
    ],
    figure: one.figures ? `mAP ${figureText(one.figures.AP)}` : undefined,
  }))
}

function gainLines({ gains, seeds, run }: Ledger): Line[] {
  const found = (['control', 'before', 'root'] as const).flatMap((over) => {
    const gain = gains[over]
    return gain ? [gainLine(over, gain, run.id)] : []
  })
  if (!seeds) return found
  const mean: Line = {
    key: 'seeds',
    href: `/runs/${run.id}`,
    what: ['overSeeds', { n: seeds.seeds.length }],
    notes: [['seedsAre', { list: seeds.seeds.join(', ') }]],
    figure: changeText(seeds),
  }
  return [...found, mean]
}

function gainLine(over: 'control' | 'before' | 'root', gain: LedgerGain, run: number): Line {
  const old = gain.table?.old_labels.difference
  return {
    key: `gain-${over}`,
    href: gain.comparison ? `/comparisons/${gain.comparison}` : `/runs/${run}`,
    what: [`over.${over}`, { name: gain.over.name }],
    main: over === 'control',
    notes: [
      ...(gain.images ? [['onImages', { n: count(gain.images) }] as Words] : []),
      ...(old ? [['onOldLabels', { change: changeText(old) }] as Words] : []),
      ...(gain.mAP ? [] : [[gain.pair ? 'notCompared' : 'noPair'] as Words]),
    ],
    figure: gain.mAP ? changeText(gain.mAP) : undefined,
    verdict: gain.mAP?.verdict,
  }
}

/** Which part of the time that was worked machines had, and which people; null where nothing was timed. */
export function workShares(time: { machine_seconds: number; human_seconds: number }): {
  machine: number
  human: number
} | null {
  const all = time.machine_seconds + time.human_seconds
  return all > 0 ? { machine: time.machine_seconds / all, human: time.human_seconds / all } : null
}
