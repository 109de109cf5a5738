import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Completions } from '../../api/types'
import { nameText, quoted, valueText } from './queryText'

/** What may stand at a place of the line, told from the text before it. */
export type Spot =
  | { readonly kind: 'value'; readonly field: string }
  | { readonly kind: 'class' }
  | { readonly kind: 'slice' }
  | { readonly kind: 'start' }

const CLASS_FUNCTIONS = new Set(['count', 'any', 'tp', 'fp', 'fn'])

/** @param before the line up to the word that is being typed */
export function spotOf(before: string): Spot {
  const comparison =
    /(?:metadata\.)?([\p{L}_][\p{L}\p{N}_-]*)\s*(?:=|!=|<>|\blike|\bin\s*\((?:[^()]*,)?)\s*$/iu.exec(before)
  const inside = /([\p{L}_]\w*)\s*\(\s*$/u.exec(before)?.[1]?.toLowerCase()
  if (inside === 'in_slice') return { kind: 'slice' }
  if (inside && CLASS_FUNCTIONS.has(inside)) return { kind: 'class' }
  if (comparison?.[1] === 'predicted' || comparison?.[1] === 'truth') return { kind: 'class' }
  return comparison?.[1] ? { kind: 'value', field: comparison[1] } : { kind: 'start' }
}

/** The completions for a place, as the editor shows them. */
export function optionsFor(spot: Spot, known: Completions): Completion[] {
  if (spot.kind === 'class') return known.classes.map((name) => ({ label: nameText(name) }))
  if (spot.kind === 'slice') return known.slices.map((name) => ({ label: quoted(name) }))
  if (spot.kind === 'value') {
    const field = known.fields.find(({ name }) => name === spot.field)
    return (field?.values ?? []).map((value) => ({ label: valueText(value) }))
  }
  const fields = known.fields.map(({ name, type }) => ({ label: name, detail: type }))
  const functions = known.functions.map(({ name, signature, what }) => ({
    label: `${name}(`,
    detail: signature,
    info: what,
    boost: -1,
  }))
  const words = ['and', 'or', 'not', 'in', 'like', 'is null'].map((label) => ({ label, boost: -2 }))
  return [...fields, ...functions, ...words]
}

/** A completion source; what is known of the dataset is fetched when it is first asked for. */
export function completeQuery(load: () => Promise<Completions>) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/"[^"]*|[\p{L}\p{N}_-]*/u)
    const from = word?.from ?? context.pos
    const spot = spotOf(context.state.sliceDoc(0, from))
    if (!context.explicit && spot.kind === 'start' && (word?.text ?? '') === '') return null
    const options = optionsFor(spot, await load())
    // The editor closes quotes by itself; what is chosen brings its own closing quote, so the waiting one goes.
    const closed = context.state.sliceDoc(context.pos, context.pos + 1) === '"'
    const to = closed && word?.text.startsWith('"') ? context.pos + 1 : undefined
    return options.length > 0 ? { from, to, options, filter: true } : null
  }
}
