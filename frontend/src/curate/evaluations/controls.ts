import type { EvaluationDetail } from '../../api/types'

/**
 * The controls of a diagnosis: from which confidence and IoU on, and on which images, everything is judged.
 * Pure; the way from any mark to the boxes behind it begins here.
 */

/** Predictions below it are not kept as rows, so nothing could be opened. */
export const FLOOR = 0.05
export const IOUS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95] as const
export const BETAS = [0.5, 1, 2] as const

/** What the page keeps in its address. */
export type Controls = {
  readonly conf: number
  readonly iou: number
  /** Only the images that this query line finds. */
  readonly q: string
  readonly beta: number
  /** The class that the charts are about; null for all. */
  readonly of: number | null
  /** By what the evaluation is taken apart. */
  readonly by: string
}

export type ControlsAddress = {
  conf?: number
  iou?: number
  q?: string
  beta?: number
  class?: number
  by?: string
}

type Judged = Pick<EvaluationDetail, 'id' | 'dataset' | 'conf' | 'iou'>

export function readControls(search: ControlsAddress, evaluation: Pick<Judged, 'conf' | 'iou'>): Controls {
  return {
    conf: clampConf(search.conf ?? evaluation.conf ?? 0.25),
    iou: nearestIou(search.iou ?? evaluation.iou),
    q: search.q ?? '',
    beta: BETAS.find((one) => one === search.beta) ?? 1,
    of: search.class ?? null,
    by: search.by ?? 'size',
  }
}

/** Three decimals, as the server has it. */
export const clampConf = (conf: number): number =>
  Number.isFinite(conf) ? Number(Math.min(1, Math.max(FLOOR, conf)).toFixed(3)) : FLOOR

export const nearestIou = (iou: number): number =>
  IOUS.reduce((best, one) => (Math.abs(one - iou) < Math.abs(best - iou) ? one : best), IOUS[0] as number)

/** Whether it is the point at which the evaluation itself was judged. */
export function isOwn(
  evaluation: Pick<Judged, 'conf' | 'iou'>,
  { conf, iou }: Pick<Controls, 'conf' | 'iou'>,
) {
  return Math.abs(evaluation.iou - iou) < 1e-6 && clampConf(evaluation.conf ?? -1) === clampConf(conf)
}

/** What is asked of the boxes, as the object grid's address has it. */
export type Asked = Record<string, string | number | undefined>
export type Spot = { conf: number; iou: number; rows?: 'budget' }

/**
 * The object grid with exactly the boxes of a mark. Where these are judged otherwise than the evaluation was, on the
 * way there the server judges them so.
 */
export function boxesAddress(evaluation: Judged, spot: Spot, asked: Asked, q = ''): string {
  const params = new URLSearchParams()
  const put = (values: Asked) => {
    for (const [name, value] of Object.entries(values))
      if (value !== undefined && value !== '') params.set(name, String(value))
  }
  if (!spot.rows && isOwn(evaluation, spot)) {
    put({ view: 'objects', evaluation: evaluation.id, q, ...asked })
    return `/datasets/${evaluation.dataset}?${params}`
  }
  put({ conf: spot.rows ? undefined : clampConf(spot.conf), iou: spot.iou, rows: spot.rows, q, ...asked })
  return `/evaluations/${evaluation.id}/boxes?${params}`
}

/** The conditions of a cell: class ids, null for the background. */
export const cellAsked = (labelled: number | null, predicted: number | null): Asked => ({
  cell: `${labelled ?? 0}:${predicted ?? 0}`,
})

/** Both query lines at once. */
export function narrowed(q: string, part: string): string {
  if (!q.trim()) return part
  return part ? `(${q}) and (${part})` : q
}

/** The bin as conditions: its lower edge included, its upper one only at the end of the scale. */
export function binAsked(name: 'score' | 'iou', low: number, high: number): Asked {
  return { [`${name}_from`]: low, [high >= 1 ? `${name}_to` : `${name}_below`]: high }
}
