import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { percent } from '../../ui/format'
import classes from './AssistPart.module.css'
import { Prelabels } from './Prelabels'
import { type AssistCounts, assistCountsQuery, useSource } from './queries'
import { SourceChooser } from './SourceChooser'
import { savedText } from './savedText'
import { WhatHelped } from './WhatHelped'

/** Which detector helps in the batch, what came of it, and what the batch was pre-labelled with. */
export function AssistPart({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label/assist')
  const source = useSource(batch.id).data
  const counts = useQuery(assistCountsQuery(batch.id)).data
  const reviews = useMay(batch.dataset, 'reviewer')
  if (!source) return null
  return (
    <details className={classes.part}>
      <summary>
        <strong>{t('part.title')}</strong>{' '}
        <span className="hd-dim">
          {[source.kind ? source.name : t('part.nobody'), summaryOf(counts, t)].filter(Boolean).join(' · ')}
        </span>
      </summary>
      <SourceChooser batch={batch} source={source} mayChoose={reviews} />
      {counts && <WhatHelped counts={counts} />}
      <Prelabels batch={batch} />
    </details>
  )
}

type T = ReturnType<typeof useTranslation<'label/assist'>>['t']

/** How many boxes came by help and stayed as they were offered, and the time that it saved where that is known. */
function summaryOf(counts: AssistCounts | undefined, t: T): string {
  const rows = counts?.rows ?? []
  const offered = rows.reduce((sum, row) => sum + row.offered, 0)
  if (offered === 0) return ''
  const unchanged = rows.reduce((sum, row) => sum + row.unchanged, 0)
  const told = t('part.taken', { count: offered, share: percent(unchanged / offered) })
  const saved = counts?.saved_seconds ?? null
  return saved === null ? told : `${told} · ${savedText(saved, t)}`
}
