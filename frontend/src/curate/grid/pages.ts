/**
 * Which pages of the list the grid needs, and how each is asked for.
 *
 * Lists are keyset pages: page n + 1 begins after the `next` of page n. Far from what has been read, that chain is
 * missing; there the ids of all matches (one call) give the place to begin: as a condition in the query line itself where
 * the list is in the order of ids, else by the image before.
 */

import { withoutOrder } from '../../dataset/query/queryText'

export const PAGE_SIZE = 100

/** Pages that hold the cells from `first` to before `end`, with a little ahead in both directions. */
export function pagesNear(
  first: number,
  end: number,
  count: number,
  ahead = PAGE_SIZE / 2,
): readonly number[] {
  if (count <= 0 || end <= first) return []
  const from = Math.floor(Math.max(0, first - ahead) / PAGE_SIZE)
  const to = Math.floor(Math.min(count - 1, end - 1 + ahead) / PAGE_SIZE)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** How to ask for a page: what to add to the query line and after which cursor or image; null when none is known yet. */
export type PageStart = { readonly q: string; readonly after: string | null; readonly afterImage?: number }

export type PageSource = {
  readonly q: string
  readonly order: string
  /** `next` of a page that has been read. */
  next(page: number): string | null | undefined
  /** Ids of all matches in the list's order, once they were asked for. */
  readonly ids: readonly number[] | null
}

export function startOf(page: number, source: PageSource): PageStart | null {
  if (page === 0) return { q: source.q, after: null }
  const cursor = source.next(page - 1)
  if (cursor) return { q: source.q, after: cursor }
  const last = lastBefore(page, source.ids)
  if (last === null) return null
  const byId = !withoutOrder(source.q)[1] && /^-?id$/.test(source.order)
  if (!byId) return { q: source.q, after: null, afterImage: last }
  const beyond = `id ${source.order.startsWith('-') ? '<' : '>'} ${last}`
  return { q: source.q.trim() ? `(${source.q}) and ${beyond}` : beyond, after: null }
}

/** The image just before a page, by which a jump there begins; null while the ids are not known. */
export const lastBefore = (page: number, ids: readonly number[] | null): number | null =>
  ids?.[page * PAGE_SIZE - 1] ?? null
