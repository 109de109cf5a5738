import { useCallback, useState } from 'react'

/** `inspector` is null until the first selection opens it; then it stays as the person leaves it. */
export type Panels = { readonly facets: boolean; readonly inspector: boolean | null }
export type PanelName = keyof Panels

const REMEMBERED = 'halfday.grid.panels'
/** A phone has room for the images only; the panels are still a tap away. */
const NARROW = 600
const first = (): Panels =>
  window.innerWidth <= NARROW ? { facets: false, inspector: false } : { facets: true, inspector: null }

/** Which panels stand beside the grid; remembered on this machine. */
export function usePanels(): [Panels, (name: PanelName, shown: boolean) => void] {
  const [panels, setPanels] = useState<Panels>(read)
  const show = useCallback((name: PanelName, shown: boolean) => {
    setPanels((was) => {
      const next = { ...was, [name]: shown }
      localStorage.setItem(REMEMBERED, JSON.stringify(next))
      return next
    })
  }, [])
  return [panels, show]
}

function read(): Panels {
  try {
    return { ...first(), ...JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') }
  } catch {
    return first()
  }
}
