import type { Chosen } from './bulk'
import type { ImageList } from './queries'

export type Kind = 'images' | 'objects'

/** What a dialog of the selection bar is told of the selection. */
export type DialogProps = {
  kind: Kind
  list: ImageList
  /** Whether all that match are meant, but for some. */
  byQuery: boolean
  what: () => Chosen
  chosen: number
  clear: () => void
  close: () => void
}
