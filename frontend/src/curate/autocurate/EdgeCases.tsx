import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import { Picks } from './Picks'

/** The images that the checkpoint finds hardest, each with its reason. */
export function EdgeCases({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const slice = run.slices[0]
  return (
    <Section
      title={t('edgeCases', { n: count(slice?.image_count ?? 0) })}
      note={t('hardestFirst')}
      actions={
        slice && <PathLink href={`/datasets/${run.dataset}/slices/${slice.id}`}>{slice.name}</PathLink>
      }
    >
      <Picks run={run} none={t('noEdgeCase')} />
    </Section>
  )
}
