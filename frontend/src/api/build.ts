import { Problem } from './problem'

/** The script that a page begins with; its name carries a hash, so each build has another. */
export function entryOf(page: Document): string | null {
  return page.querySelector('script[type=module]')?.getAttribute('src') ?? null
}

/**
 * Whether the server has another build than this page is of: then the files that this page would still ask for are gone.
 * @throws Problem where the server does not answer
 */
export async function isReplaced(): Promise<boolean> {
  const answer = await fetch('/', { cache: 'no-store' }).catch(() => null)
  if (!answer?.ok) throw Problem.offline()
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  return entryOf(page) !== entryOf(document)
}
