import type { Action } from '../ui/actions'

/** Actions whose label has the letters of the text in order; those that hold it whole or at a word's start come first. */
export function ranked(actions: Action[], text: string): Action[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted) return actions
  return actions
    .map((action, index) => ({ action, index, rank: rankOf(`${action.label}`.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .map(({ action }) => action)
}

/** 4 begins with it, 3 a word begins with it, 2 holds it, 1 holds its letters in order, 0 does not. */
export function rankOf(label: string, wanted: string): number {
  if (label.startsWith(wanted)) return 4
  const at = label.indexOf(wanted)
  if (at > 0) return /[\s›/_-]/.test(label[at - 1]!) ? 3 : 2
  let from = 0
  for (const letter of wanted) {
    from = label.indexOf(letter, from) + 1
    if (from === 0) return 0
  }
  return 1
}

/** Actions by group, groups in the order of their first member. */
export function grouped(actions: Action[]): [string, Action[]][] {
  const groups = new Map<string, Action[]>()
  for (const action of actions) {
    const group = action.group ?? ''
    groups.set(group, [...(groups.get(group) ?? []), action])
  }
  return [...groups]
}
