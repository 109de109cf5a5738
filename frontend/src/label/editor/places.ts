import { flushSync } from 'react-dom'

/** Ways of the keyboard between the canvas and the panels beside it. At once: the next key is already for the panel. */

export function backToStage(): void {
  document.querySelector<HTMLElement>('[role=application]')?.focus()
}

/** To the attributes of what is selected: to the first that is missing, else to the first. */
export function focusAttributes(): void {
  drawn()
  const part = document.querySelector('[data-attributes]')
  const control =
    part?.querySelector<HTMLElement>('[data-missing] [data-control]') ??
    part?.querySelector<HTMLElement>('[data-control]')
  control?.focus()
}

export function focusImageLabels(): void {
  const fold = document.querySelector<HTMLElement>('[data-image-labels] [aria-expanded]')
  if (fold?.getAttribute('aria-expanded') === 'false') fold.click()
  drawn()
  const control = document.querySelector<HTMLElement>('[data-image-labels] [data-control]')
  ;(control ?? fold)?.focus()
}

/** Has React draw what it knows by now. */
function drawn(): void {
  flushSync(() => undefined)
}
