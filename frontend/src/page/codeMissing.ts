import { entryOf } from '../api/build'

/** A file of the application could not be fetched: the server has another build by now, or does not answer. */
export class CodeMissing extends Error {}

const RENEWED = 'halfday.renewed'

/**
 * Loads the page at the address anew, which brings the build that there is now; once, as an answer that a proxy keeps
 * would have it load for ever.
 * @returns whether it does
 */
export function renew(): boolean {
  const from = entryOf(document) ?? ''
  if (sessionStorage.getItem(RENEWED) === from) return false
  sessionStorage.setItem(RENEWED, from)
  window.location.reload()
  return true
}
