import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'

const Markdown = lazy(() => import('./Markdown'))

/** Markdown whose library is loaded when a page first shows some. */
export function LazyMarkdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Skeleton height={80} />}>
      <Markdown text={text} />
    </Suspense>
  )
}
