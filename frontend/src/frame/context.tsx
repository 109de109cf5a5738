import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

const REMEMBERED = 'halfday.dataset'

type FrameContext = {
  /** Dataset of the page, else the one that was open last: where the rail's products lead. */
  dataset: number | null
  setDataset: (id: number | null) => void
  /** Places of the top lines that pages fill, null before the frame is drawn. */
  crumbs: HTMLElement | null
  middle: HTMLElement | null
  bar: HTMLElement | null
  place: (name: 'crumbs' | 'middle' | 'bar') => (element: HTMLElement | null) => void
}

const Context = createContext<FrameContext | null>(null)

export function FrameProvider({ children }: { children: ReactNode }) {
  const [dataset, setDataset] = useState<number | null>(
    () => Number(localStorage.getItem(REMEMBERED)) || null,
  )
  const [crumbs, setCrumbs] = useState<HTMLElement | null>(null)
  const [middle, setMiddle] = useState<HTMLElement | null>(null)
  const [bar, setBar] = useState<HTMLElement | null>(null)
  useEffect(() => {
    if (dataset) localStorage.setItem(REMEMBERED, String(dataset))
    else localStorage.removeItem(REMEMBERED)
  }, [dataset])
  const value = useMemo(() => {
    const setters = { crumbs: setCrumbs, middle: setMiddle, bar: setBar }
    return {
      dataset,
      setDataset,
      crumbs,
      middle,
      bar,
      place: (name: keyof typeof setters) => setters[name],
    }
  }, [dataset, crumbs, middle, bar])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

export function useFrame(): FrameContext {
  const frame = useContext(Context)
  if (!frame) throw new Error('this stands in the frame only')
  return frame
}
