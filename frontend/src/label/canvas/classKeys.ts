import type { DatasetClass } from '../../api/types'

/**
 * The key of each class by id. A class keeps the hotkey of its dataset unless the editor needs that key for itself; the
 * classes without one get the digits that are left, in the order of the list.
 */
export function classKeys(
  classes: readonly DatasetClass[],
  taken: ReadonlySet<string>,
): ReadonlyMap<number, string> {
  const keys = new Map<number, string>()
  const used = new Set(taken)
  for (const { id, hotkey } of classes) {
    const key = hotkey?.trim().toLowerCase()
    if (!key || !/^[a-z0-9]$/.test(key) || used.has(key)) continue
    keys.set(id, key)
    used.add(key)
  }
  const digits = [...'123456789'].filter((digit) => !used.has(digit))
  for (const { id } of classes) {
    if (!keys.has(id) && digits.length > 0) keys.set(id, digits.shift() ?? '')
  }
  return keys
}
