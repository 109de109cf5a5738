import { lazyRouteComponent } from '@tanstack/react-router'
import { fetchTexts } from '../i18n/i18n'
import { CodeMissing } from './codeMissing'

/** A page whose code and texts are fetched side by side when it is first opened. */
export function lazyPage<T extends Record<string, unknown>, K extends keyof T>(
  load: () => Promise<T>,
  name: K,
  texts: string,
) {
  return lazyRouteComponent(() => {
    fetchTexts(texts)
    return load().catch((error: unknown) => {
      throw new CodeMissing(String(error))
    })
  }, name)
}
