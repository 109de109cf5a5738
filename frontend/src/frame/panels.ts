/** The palette and the shortcut sheet are opened from many places; the window carries the wish. */
type Panel = 'palette' | 'shortcuts'

export function openPanel(panel: Panel): void {
  window.dispatchEvent(new CustomEvent<Panel>('halfday:panel', { detail: panel }))
}

export function onPanel(listener: (panel: Panel) => void): () => void {
  const heard = (event: Event) => listener((event as CustomEvent<Panel>).detail)
  window.addEventListener('halfday:panel', heard)
  return () => window.removeEventListener('halfday:panel', heard)
}
