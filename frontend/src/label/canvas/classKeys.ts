import type { DatasetClass } from '../../api/types'

/** The key that begins the code of a class without a key of its own. */
export const CODE_KEY = '0'

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']
const DIGITS = [...'0123456789']
const SIGNS = [...LETTERS, ...DIGITS]
/** With more classes than this in need of a code, every code has two signs. */
const MOST_SHORT = 26

/**
 * The keys of each class by id, as a shortcut (`5`, or for a code stroke by stroke `0 p e`). A class keeps the hotkey of
 * its dataset unless the editor needs that key for itself; classes without one get the digits that are left, in the order
 * of the list, and all others a code: `0` and then a letter of their name, or two where there are many.
 */
export function classKeys(
  classes: readonly DatasetClass[],
  taken: ReadonlySet<string>,
): ReadonlyMap<number, string> {
  const keys = new Map<number, string>()
  const used = new Set([...taken, CODE_KEY])
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
  const others = classes.filter(({ id }) => !keys.has(id))
  for (const [id, code] of codesOf(others)) keys.set(id, [CODE_KEY, ...code].join(' '))
  return keys
}

/** A code for each class: letters of its name in their order if they are free, else what is free. */
function codesOf(classes: readonly DatasetClass[]): Map<number, string> {
  const candidates = classes.length <= MOST_SHORT ? shortCodes : longCodes
  const used = new Set<string>()
  const codes = new Map<number, string>()
  for (const { id, name } of classes) {
    const code = candidates(lettersOf(name)).find((one) => !used.has(one))
    if (code === undefined) break
    used.add(code)
    codes.set(id, code)
  }
  return codes
}

const lettersOf = (name: string): string[] => [...name.toLowerCase()].filter((sign) => SIGNS.includes(sign))

const shortCodes = (letters: string[]): string[] => [...letters, ...SIGNS]

function longCodes([first, ...others]: string[]): string[] {
  const own = first === undefined ? [] : [...others, ...SIGNS].map((second) => first + second)
  return [...own, ...SIGNS.flatMap((one) => SIGNS.map((two) => one + two))]
}

/** The codes that begin with what has been typed after `0`, with what is still to be typed. */
export function codesFrom(
  keys: ReadonlyMap<number, string>,
  typed: string,
): readonly { readonly id: number; readonly rest: string }[] {
  return [...keys].flatMap(([id, key]) => {
    const code = key.startsWith(`${CODE_KEY} `) ? key.slice(2).replaceAll(' ', '') : null
    return code?.startsWith(typed) ? [{ id, rest: code.slice(typed.length) }] : []
  })
}

/** Classes with those used last in front, the rest in their order; at most `most` are moved. */
export function recentFirst<T extends { readonly id: number }>(
  classes: readonly T[],
  recent: readonly number[],
  most = 5,
): readonly T[] {
  const byId = new Map(classes.map((one) => [one.id, one]))
  const first = recent.flatMap((id) => byId.get(id) ?? []).slice(0, most)
  return [...first, ...classes.filter((one) => !first.includes(one))]
}
