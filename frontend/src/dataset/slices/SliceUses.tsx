import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Slice, SliceUse } from '../../api/types'
import { Figure } from '../../ui/Figure'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { usesQuery } from './queries'
import classes from './SlicePage.module.css'

/** What uses the slice, and as what: runs, evaluations, predictions, batches, auto-curate runs. */
export function SliceUses({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { data, error, refetch } = useQuery(usesQuery(slice.id))
  return (
    <Section title={t('usedBy')}>
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <p className="hd-dim">{t('unused')}</p>}
      <ul className={classes.runs}>
        {data?.map((use) => (
          <li key={`${use.kind} ${use.id}`}>
            <PathLink href={use.link}>
              {use.kind === 'auto_curate' ? t(`searches.${use.name as 'split'}`) : use.name}
            </PathLink>
            <span className="hd-dim">
              {t(`roles.${use.role}`)}
              <Score use={use} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Score({ use }: { use: SliceUse }) {
  if (use.ap === null) return null
  return (
    <>
      {' · mAP '}
      <Figure value={use.ap} interval={use.interval} />
    </>
  )
}
