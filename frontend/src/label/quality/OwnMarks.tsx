import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Section } from '../../ui/Section'
import { ownResultsQuery } from './queries'
import { Share } from './Share'

/** To somebody who may not see the others' figures: their own, once the batch is over and a manager lets them. */
export function OwnMarks({ batch }: { batch: number }) {
  const { t } = useTranslation('label/quality')
  const own = useQuery(ownResultsQuery(batch))
  const marks = own.data?.results
  if (!marks) return own.data ? <p className="hd-dim">{t('own.none')}</p> : null
  return (
    <Section title={t('own.title')} note={t('own.note')}>
      <Share value={marks.rate} interval={marks.interval} />
      <p className="hd-dim">{t('people.errorHow', { ...marks, wrong: marks.answers - marks.right })}</p>
    </Section>
  )
}
