import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Facts } from '../ui/Facts'
import { checkpointsQuery, classChangesQuery } from './queries'

/** Shows before the start how the classes of the weights fit those of the dataset; says little where all is as it was. */
export function ClassChanges({ dataset, weights }: { dataset: number; weights: string }) {
  const { t } = useTranslation('model')
  const base = useQuery(checkpointsQuery(dataset)).data?.find(({ kind }) => kind === 'base')?.id
  const checkpoint = weights === 'base' ? base : Number(weights) || undefined
  const { data } = useQuery({
    ...classChangesQuery(checkpoint ?? 0, dataset),
    enabled: checkpoint !== undefined,
  })
  if (checkpoint === undefined || !data) return null
  const { kept, renamed, new: added, dropped, reordered } = data
  if (added.length + dropped.length + renamed.length === 0 && !reordered) {
    return <p className="hd-dim">{t('classChanges.same')}</p>
  }
  return (
    <section aria-label={t('classChanges.title')}>
      <p className="hd-dim">{t('classChanges.whole')}</p>
      <Facts
        of={{
          [t('classChanges.kept')]: kept.join(', '),
          [t('classChanges.renamed')]: renamed
            .map(({ name, known_as }) =>
              t('classChanges.renamedTo', { from: known_as.join(' + '), to: name }),
            )
            .join(', '),
          [t('classChanges.new')]: added.join(', '),
          [t('classChanges.dropped')]: dropped.join(', '),
        }}
      />
      {reordered && <p className="hd-dim">{t('classChanges.reordered')}</p>}
    </section>
  )
}
