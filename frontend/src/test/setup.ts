import { notifications } from '@mantine/notifications'
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'
import { closeServer } from './server'

configure({
  // On a busy machine a page takes longer than the second that is waited for by default.
  asyncUtilTimeout: 20_000,
})

afterEach(async () => {
  cleanup()
  // What a page does when it is left (keeping a draft, say) is over before the next test begins.
  await new Promise((resolve) => setTimeout(resolve))
  notifications.clean()
  localStorage.clear()
  closeServer()
})

// What jsdom lacks and Mantine, CodeMirror and the canvases ask for.
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
  }) as unknown as MediaQueryList
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
// No style sheet is loaded here, so what an element's own style says is all there is; to find that out, jsdom takes a
// third of the time of a test.
window.getComputedStyle = (element) => (element as HTMLElement).style
Element.prototype.scrollIntoView ??= () => {}
Element.prototype.scrollTo ??= () => {}
window.scrollTo = () => {}
if (!document.fonts) Object.defineProperty(document, 'fonts', { value: new EventTarget() })
HTMLCanvasElement.prototype.getContext = () => null
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList
Range.prototype.getBoundingClientRect ??= () => new DOMRect()
