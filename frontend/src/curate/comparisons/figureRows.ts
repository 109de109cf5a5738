import type {
  ComparedFigure,
  Comparison,
  DatasetClass,
  Delta,
  EvaluationDetail,
  FigureName,
} from '../../api/types'
import type { CsvRow } from '../../ui/csv'
import { type Bounds, intervalOf } from '../../ui/interval'
import { sideName } from './sides'

/** The table of several evaluations: a row for each figure and each class. Pure. */

/** The names of figures on the page, and how an evaluation and a comparison call them. */
export const FIGURES: { name: string; figure: FigureName; delta: ComparedFigure }[] = [
  { name: 'mAP', figure: 'AP', delta: 'mAP' },
  { name: 'mAP50', figure: 'AP50', delta: 'mAP50' },
  { name: 'mAP75', figure: 'AP75', delta: 'AP75' },
  { name: 'APs', figure: 'APs', delta: 'APs' },
  { name: 'APm', figure: 'APm', delta: 'APm' },
  { name: 'APl', figure: 'APl', delta: 'APl' },
  { name: 'AR100', figure: 'AR100', delta: 'AR100' },
]

export type FigureRow = {
  key: string
  name: string
  /** What it is, where it is not a class. */
  figure?: FigureName
  of?: Pick<DatasetClass, 'id' | 'name' | 'colour'>
  value: (evaluation: EvaluationDetail) => number | null
  interval: (evaluation: EvaluationDetail) => Bounds | null
  delta: (comparison: Comparison | undefined) => Delta | undefined
}

export function figureRows(classes: readonly Pick<DatasetClass, 'id' | 'name' | 'colour'>[]): FigureRow[] {
  return [...FIGURES.map(ofFigure), ...classes.map(ofClass)]
}

function ofFigure({ name, figure, delta }: (typeof FIGURES)[number]): FigureRow {
  return {
    key: figure,
    name,
    figure,
    value: (evaluation) => evaluation.figures?.[figure] ?? null,
    interval: (evaluation) => intervalOf(evaluation, figure),
    delta: (comparison) => comparison?.delta?.[delta],
  }
}

function ofClass(of: Pick<DatasetClass, 'id' | 'name' | 'colour'>): FigureRow {
  const mine = <Row extends { class_id: number }>(rows: readonly Row[] | null | undefined) =>
    rows?.find(({ class_id }) => class_id === of.id)
  return {
    key: `class ${of.id}`,
    name: of.name,
    of,
    value: ({ per_class }) => mine(per_class)?.AP ?? null,
    interval: ({ per_class }) => mine(per_class)?.interval ?? null,
    delta: (comparison) => mine(comparison?.per_class),
  }
}

/** Whether a comparison has all that the table shows; those of earlier versions have not. */
export const isComplete = (comparison: Comparison | undefined): boolean =>
  comparison?.delta?.AR100 !== undefined && comparison.changes !== null

/** The table as CSV: a line per figure, and per evaluation its figure, interval, difference and verdict. */
export function figuresCsv(
  rows: readonly FigureRow[],
  evaluations: readonly EvaluationDetail[],
  comparisons: ReadonlyMap<number, Comparison>,
): CsvRow[] {
  const head = [
    'figure',
    'evaluation',
    'id',
    'value',
    'low',
    'high',
    'delta',
    'delta low',
    'delta high',
    'p',
    'verdict',
  ]
  return [
    head,
    ...rows.flatMap((row) =>
      evaluations.map((one): CsvRow => {
        const [interval, delta] = [row.interval(one), row.delta(comparisons.get(one.id))]
        const difference = delta
          ? [delta.value, delta.low, delta.high, delta.p, delta.verdict]
          : Array(5).fill('')
        return [
          row.name,
          sideName(one),
          one.id,
          row.value(one),
          interval?.low ?? '',
          interval?.high ?? '',
          ...difference,
        ]
      }),
    ),
  ]
}
