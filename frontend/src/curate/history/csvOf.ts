import type { ProjectEvaluation } from '../../api/types'
import type { CsvRow } from '../../ui/csv'
import { FIGURES } from './panels'

const HEAD = [
  'evaluation', 'dataset', 'run', 'predictions', 'checkpoint', 'slices', 'images', 'manifest', 'revision', 'iou', 'conf',
  'on_training_images', ...FIGURES, 'AP_low', 'AP_high', 'AP50_low', 'AP50_high', 'AP75_low', 'AP75_high', 'class_AP', 'class_AP_low',
  'class_AP_high', 'class_AP50', 'state', 'created_at',
] // biome-ignore format: the columns as they stand

/** A line per evaluation, with what it rests on. */
export function csvOf(evaluations: ProjectEvaluation[]): CsvRow[] {
  return [HEAD, ...evaluations.map(line)]
}

function line(one: ProjectEvaluation): CsvRow {
  const { prediction_set: judged, of_class: ofClass } = one
  return [
    one.id,
    one.dataset,
    judged.run?.name ?? null,
    judged.name,
    judged.checkpoint,
    one.slices.map(({ name }) => name).join('; '),
    one.counts?.images ?? null,
    one.manifest,
    one.revision,
    one.iou,
    one.conf,
    one.on_training_images,
    ...FIGURES.map((name) => one.figures?.[name] ?? null),
    one.interval?.low ?? null,
    one.interval?.high ?? null,
    one.interval50?.low ?? null,
    one.interval50?.high ?? null,
    one.intervals?.AP75.low ?? null,
    one.intervals?.AP75.high ?? null,
    ofClass?.AP ?? null,
    ofClass?.interval.low ?? null,
    ofClass?.interval.high ?? null,
    ofClass?.AP50 ?? null,
    one.state,
    one.created_at,
  ]
}
