import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { isProblem } from '../api/problem'
import { useDataset } from '../dataset/queries'
import { type PagePlaces, PlacesContext, type Standing } from '../page/places'
import { useTabTitle } from './tabTitle'

const REMEMBERED = 'halfday.dataset'

type PlaceName = 'crumbs' | 'middle' | 'bar'

type FrameContext = {
  /** Dataset of the page, else the one that was open last: where the rail's products lead. */
  dataset: number | null
  /** Dataset of the page: its names lead the breadcrumbs. */
  pageDataset: number | undefined
  place: (name: PlaceName) => (element: HTMLElement | null) => void
}

const Context = createContext<FrameContext | null>(null)

export function FrameProvider({ children }: { children: ReactNode }) {
  const [page, setPage] = useState<Standing | null>(null)
  const gone = isProblem(useDataset(page?.dataset ?? 0).error, 404)
  const dataset = useLastDataset(page?.dataset, gone)
  const { elements, place } = usePlaceElements()
  useTabTitle(page)
  // A dataset that is not there is said once for all its pages, and its name leads nowhere.
  const goneDataset = gone ? (page?.dataset ?? null) : null
  const pageDataset = gone ? undefined : page?.dataset
  const frame = useMemo(() => ({ dataset, pageDataset, place }), [dataset, pageDataset, place])
  const places = useMemo<PagePlaces>(
    () => ({ ...elements, goneDataset, stand: setPage }),
    [elements, goneDataset],
  )
  return (
    <Context.Provider value={frame}>
      <PlacesContext.Provider value={places}>{children}</PlacesContext.Provider>
    </Context.Provider>
  )
}

/** The dataset that was open last, kept for the next visit; one that is gone is forgotten. */
function useLastDataset(shown: number | undefined, gone: boolean): number | null {
  const [dataset, setDataset] = useState<number | null>(
    () => Number(localStorage.getItem(REMEMBERED)) || null,
  )
  useEffect(() => {
    if (shown) setDataset(gone ? null : shown)
  }, [shown, gone])
  useEffect(() => {
    if (dataset) localStorage.setItem(REMEMBERED, String(dataset))
    else localStorage.removeItem(REMEMBERED)
  }, [dataset])
  return dataset
}

function usePlaceElements() {
  const [crumbs, setCrumbs] = useState<HTMLElement | null>(null)
  const [middle, setMiddle] = useState<HTMLElement | null>(null)
  const [bar, setBar] = useState<HTMLElement | null>(null)
  const elements = useMemo(() => ({ crumbs, middle, bar }), [crumbs, middle, bar])
  const place = useMemo(() => {
    const setters = { crumbs: setCrumbs, middle: setMiddle, bar: setBar }
    return (name: PlaceName) => setters[name]
  }, [])
  return { elements, place }
}

export function useFrame(): FrameContext {
  const frame = useContext(Context)
  if (!frame) throw new Error('this stands in the frame only')
  return frame
}
