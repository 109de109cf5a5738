import { useEffect, useState } from 'react'

/** For a dialog that is in the page only while it is open: when it goes, the focus is again where it was before. */
export function useFocusBack(active = true) {
  const [before] = useState(() => document.activeElement)
  useEffect(() => {
    if (!active || !(before instanceof HTMLElement)) return
    return () => {
      if (before.isConnected) requestAnimationFrame(() => before.focus({ preventScroll: true }))
    }
  }, [active, before])
}
