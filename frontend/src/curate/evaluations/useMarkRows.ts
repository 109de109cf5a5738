import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useClasses } from '../../dataset/queries'
import { count, number, points } from '../../ui/format'
import { pairwise } from './bins'
import type { MarkRows } from './ChartSection'
import { binAsked, FLOOR } from './controls'
import { recallLines } from './curves'
import { atQuery, overQuery } from './queries'
import { useEvaluationControls } from './useControls'

/** Every how many of the 101 recalls the table has one. */
const TENTH = 10

/** The curves at recall 0, 0.1 … 1: each number opens the predictions of its class from that confidence on. */
export function useRecallRows(): MarkRows | undefined {
  const { evaluation, controls, boxes } = useEvaluationControls()
  const { t } = useTranslation('curate/evaluations')
  const known = useClasses(evaluation.dataset)
  const { data } = useQuery(overQuery(evaluation.id, controls))
  if (!data) return undefined
  const tenths = data.precision_recall.recall.filter((_, at) => at % TENTH === 0)
  return {
    heads: tenths.map((recall) => `${t('recall')} ${number(recall, 2)}`),
    rows: recallLines(data.precision_recall, known).map(({ of, points: all }) => ({
      key: of.id,
      label: of.name,
      marks: tenths.map((recall) => {
        const point = all.find(([x]) => x === recall)
        if (!point) return { text: '–' }
        const asked = { classes: of.id, verdicts: 'tp,fp', score_from: Math.max(point[2], FLOOR) }
        return { text: points(point[1]), to: boxes(asked, { conf: FLOOR }) }
      }),
    })),
  }
}

/** Right and wrong predictions in each band of scores. */
export function useScoreRows(): MarkRows | undefined {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, boxes } = useEvaluationControls()
  const { data } = useQuery(overQuery(evaluation.id, controls))
  if (!data) return undefined
  const { edges, right, wrong, precision } = data.scores
  return {
    heads: [t('right'), t('wrong'), t('shareRight')],
    rows: pairwise(edges).map(([low, high], at) => {
      const to = (verdicts: string) => boxes({ verdicts, ...binAsked('score', low, high) }, { conf: FLOOR })
      return {
        key: low,
        label: `${low} – ${high}`,
        marks: [
          { text: count(right[at] ?? 0), to: to('tp') },
          { text: count(wrong[at] ?? 0), to: to('fp') },
          { text: points(precision[at]) },
        ],
      }
    }),
  }
}

/** Found boxes in each band of IoU. */
export function useOverlapRows(): MarkRows | undefined {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, boxes } = useEvaluationControls()
  const { data } = useQuery(atQuery(evaluation.id, controls))
  if (!data) return undefined
  const { edges, counts } = data.overlaps
  return {
    heads: [t('verdicts.tp')],
    rows: pairwise(edges).map(([low, high], at) => ({
      key: low,
      label: `${low.toFixed(3)} – ${high.toFixed(3)}`,
      marks: [{ text: count(counts[at] ?? 0), to: boxes({ verdicts: 'tp', ...binAsked('iou', low, high) }) }],
    })),
  }
}
