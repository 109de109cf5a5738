import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Completions } from '../../api/types'
import { nameText, quoted, valueText } from '../../dataset/query/queryText'

type QueryField = Completions['fields'][number]

/** What may stand at a place of the line, told from the text before it. `inside` is the function that it stands in. */
export type Spot =
  | { readonly kind: 'value'; readonly field: string; readonly inside: string }
  | { readonly kind: 'first'; readonly inside: string }
  | { readonly kind: 'start'; readonly inside: string }

const COMPARED =
  /((?:(?:metadata|attributes)\.)?(?:[\p{L}_][\p{L}\p{N}_-]*|(?<=\.)"[^"]*"))\s*(?:[=<>]|!=|<=|>=|<>|==|\blike|\bin\s*\((?:[^()]*,)?)\s*$/iu

/** @param before the line up to the word that is being typed */
export function spotOf(before: string): Spot {
  const inside = openCall(before)
  if (inside && /\(\s*$/u.test(before) && !/\bin\s*\(\s*$/iu.test(before)) return { kind: 'first', inside }
  const field = COMPARED.exec(before)?.[1]
  return field ? { kind: 'value', field, inside } : { kind: 'start', inside }
}

/** The function whose bracket is the last that is still open; '' outside of all. */
function openCall(before: string): string {
  const open: string[] = []
  for (const match of before.matchAll(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|([\p{L}_]\w*)?\s*\(|\)/gsu)) {
    if (match[0] === ')') open.pop()
    else if (match[0].endsWith('(') && !/^["']/.test(match[0])) open.push(match[1]?.toLowerCase() ?? '')
  }
  return open.filter((name) => name !== '' && !['in', 'and', 'or', 'not'].includes(name)).at(-1) ?? ''
}

/** The completions for a place, as the editor shows them. */
export function optionsFor(spot: Spot, known: Completions): Completion[] {
  const call = known.functions.find(({ name }) => name === spot.inside)
  if (spot.kind === 'first')
    return [...firstOptions(call?.takes, known), ...fieldOptions(call?.fields ?? [], -1)]
  const fields = call ? call.fields : known.fields
  if (spot.kind === 'value') {
    const field = fields.find(({ name }) => same(name, spot.field))
    return field ? valueOptions(field, known) : []
  }
  const words = ['and', 'or', 'not', 'in', 'like', 'is null', ...(call ? [] : ['order by'])]
  return [
    ...fieldOptions(fields, 0),
    ...(call ? [] : functionOptions(known)),
    ...words.map((label) => ({ label, boost: -2 })),
  ]
}

const same = (a: string, b: string): boolean => plain(a) === plain(b)
const plain = (name: string): string =>
  name
    .replace(/^(?:metadata|attributes)\./, '')
    .replaceAll('"', '')
    .toLowerCase()

const fieldOptions = (fields: readonly QueryField[], boost: number): Completion[] =>
  fields.map(({ name, type }) => ({ label: name, detail: type, boost }))

const functionOptions = (known: Completions): Completion[] =>
  known.functions.map(({ name, signature, what }) => ({
    label: `${name}(`,
    detail: signature,
    info: what,
    boost: -1,
  }))

/** What the first argument of a function names. */
function firstOptions(takes: string | undefined, known: Completions): Completion[] {
  if (takes === 'class') return [...known.classes.map(nameText), '*'].map((label) => ({ label }))
  if (takes === 'slice') return known.slices.map((name) => ({ label: quoted(name) }))
  if (takes === 'tag') return known.tags.map((name) => ({ label: quoted(name) }))
  if (takes === 'split') return known.splits.map((name) => ({ label: nameText(name) }))
  return []
}

function valueOptions(field: QueryField, known: Completions): Completion[] {
  if (field.type === 'class')
    return [...known.classes.map(nameText), 'background'].map((label) => ({ label }))
  return field.values.map((value) => ({ label: valueText(value) }))
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
