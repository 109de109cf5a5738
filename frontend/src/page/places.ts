import { createContext, useContext } from 'react'

/** What a page says of itself to what stands around it. */
export type Standing = { title: string; dataset?: number; progress?: number }

/** What stands around a page, as the page knows it: rail and top lines know datasets and jobs, a page need not. */
export type PagePlaces = {
  /** Places of the top lines that pages fill, null before they are drawn. */
  crumbs: HTMLElement | null
  middle: HTMLElement | null
  bar: HTMLElement | null
  /** The dataset that the page named and that is not there, or not ours. */
  goneDataset: number | null
  /** Null when the page is left. */
  stand: (page: Standing | null) => void
}

export const PlacesContext = createContext<PagePlaces | null>(null)

export function usePagePlaces(): PagePlaces {
  const places = useContext(PlacesContext)
  if (!places) throw new Error('a page stands in the frame only')
  return places
}
