import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { count, dateTime, number } from '../../ui/format'
import { Hash } from '../../ui/Hash'
import { manifestQuery } from './queries'

// units below which the interval of one evaluation was seen to be a little too narrow (docs/bootstrap.md)
const FEWEST_SURE = 100

/** What an evaluation's numbers were computed from: enough to compute them again. */
export function Inputs({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation('curate/evaluations')
  const { prediction_set: judged, interval, dataset } = evaluation
  const manifest = useQuery(manifestQuery(evaluation.manifest)).data
  return (
    <Facts
      of={{
        [t('run')]: judged.run && (
          <Link to="/runs/$runId" params={{ runId: String(judged.run.id) }}>
            {judged.run.name}
          </Link>
        ),
        [t('predictions')]: judged.name,
        [t('slices')]: evaluation.slices.map((slice) => (
          <Link
            key={slice.id}
            to="/datasets/$datasetId/slices/$sliceId"
            params={{ datasetId: String(dataset), sliceId: String(slice.id) }}
          >
            {slice.name}
          </Link>
        )),
        [t('labelsAt')]: (
          <Link
            to="/datasets/$datasetId/revisions/$number"
            params={{ datasetId: String(dataset), number: String(evaluation.revision) }}
          >
            {t('revisionNumber', { n: evaluation.revision })}
          </Link>
        ),
        [t('manifest')]: manifest && <Hash value={manifest.content_hash} />,
        [t('thresholds')]: evaluation.conf !== null && (
          <span className="hd-num">
            IoU {number(evaluation.iou, 2)} · {t('confidence')} {number(evaluation.conf, 2)}
          </span>
        ),
        [t('intervals')]:
          interval &&
          t(`bootstrap.${interval.groups}`, {
            level: Math.round(interval.level * 100),
            n: count(interval.resamples),
          }) + ((interval.units ?? FEWEST_SURE) < FEWEST_SURE ? `. ${t('engine.few')}` : ''),
        [t('evaluator')]: <span className="hd-mono">{evaluation.evaluator}</span>,
        [t('at')]: dateTime(evaluation.created_at),
      }}
    />
  )
}
