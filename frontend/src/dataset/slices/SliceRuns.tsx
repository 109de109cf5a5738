import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Figure } from '../../ui/Figure'
import { Section } from '../../ui/Section'
import { sliceRunsQuery } from './queries'
import classes from './SlicePage.module.css'

/** Which runs trained on the slice, and which were judged by it. */
export function SliceRuns({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { data } = useQuery(sliceRunsQuery(slice.dataset, slice.id))
  return (
    <Section title={t('usedBy')}>
      {data?.length === 0 && <p className="hd-dim">{t('unused')}</p>}
      <ul className={classes.runs}>
        {data?.map((run) => (
          <li key={run.id}>
            <Link to="/runs/$runId" params={{ runId: String(run.id) }}>
              {run.name}
            </Link>
            <span className="hd-dim">
              {t(run.validation_slice?.id === slice.id ? 'asValidation' : 'asTraining')}
              {run.evaluation?.figures && (
                <>
                  {' · mAP '}
                  <Figure value={run.evaluation.figures.AP} interval={run.evaluation.interval} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
