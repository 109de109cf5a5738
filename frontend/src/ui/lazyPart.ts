import { type ComponentType, lazy } from 'react'

/** A part of a page that is fetched when it is first shown. Where that fails, main.tsx says why, and the page stays. */
// biome-ignore lint/suspicious/noExplicitAny: the part's own properties
export function lazyPart<N extends string, C extends ComponentType<any>>(
  load: () => Promise<Record<N, C>>,
  name: N,
) {
  return lazy(() =>
    load().then(
      (file) => ({ default: file[name] }),
      () => ({ default: (() => null) as unknown as C }),
    ),
  )
}
