import { text, whole } from '../ui/address'

/** What the grid of a dataset keeps in its address, and an image page that is opened from it. */
export type GridAddress = {
  q?: string
  size?: number
  evaluation?: number
  prediction_set?: number
  order?: string
  image?: number
}

export function readGridAddress(search: Record<string, unknown>): GridAddress {
  return {
    ...search,
    q: text(search.q),
    size: whole(search.size),
    evaluation: whole(search.evaluation),
    prediction_set: whole(search.prediction_set),
    order: text(search.order),
    image: whole(search.image),
  }
}
