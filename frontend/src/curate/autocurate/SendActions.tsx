import { Button } from '@mantine/core'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { lazyPart } from '../../ui/lazyPart'
import { PathLink } from '../../ui/PathLink'

const SendToLabel = lazyPart(() => import('../../dataset/batches/SendToLabel'), 'SendToLabel')

/** What can be done with all images that a run found: look at them, send them to Label. `query` is their query line. */
export function SendActions({ run, query }: { run: AutoCurateDetail; query?: string }) {
  const { t } = useTranslation('curate/autocurate')
  const [sending, setSending] = useState(false)
  const slice = run.slices[0]
  const images = slice?.image_count ?? 0
  const grid = query
    ? `/datasets/${run.dataset}?q=${encodeURIComponent(query)}`
    : slice && `/datasets/${run.dataset}/slices/${slice.id}`
  return (
    <>
      {grid && (
        <Button component={PathLink} href={grid}>
          {t('openGrid')}
        </Button>
      )}
      {slice && images > 0 && (
        <Button variant="filled" onClick={() => setSending(true)}>
          {t('send', { count: images })}
        </Button>
      )}
      {sending && slice && (
        <Suspense>
          <SendToLabel
            dataset={run.dataset}
            images={images}
            source={{ slice: slice.id }}
            name={slice.name}
            autoCurate={run.id}
            close={() => setSending(false)}
          />
        </Suspense>
      )}
    </>
  )
}
