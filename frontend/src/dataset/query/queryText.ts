/**
 * Edits the text of a query line as a person would: a click on a facet adds or removes one condition, the rest of the
 * line stays as it was typed. Pure; knows as much of the grammar as that needs: strings, brackets, `and`, `or`,
 * `order by`.
 */

const KEYWORDS = new Set([
  ...['and', 'or', 'not', 'in', 'like', 'is', 'null', 'true', 'false', 'labelled', 'negative'],
])
const BARE = /^[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)*$/u

/** A name as the query line takes it: bare if it can be, otherwise quoted. */
export function nameText(name: string): string {
  return BARE.test(name) && !KEYWORDS.has(name.toLowerCase()) ? name : quoted(name)
}

/** What a bare name means of an image and of a label, so that a key of their JSON of that name is led by its column. */
const FIELDS: Record<JsonColumn, ReadonlySet<string>> = {
  metadata: new Set([
    ...['key', 'id', 'width', 'height', 'sequence', 'captured_at', 'latitude', 'longitude'],
    ...['brightness', 'contrast', 'sharpness', 'revision', 'metadata', 'touches_border', 'used_in_training'],
    ...['labelled', 'negative'],
  ]),
  attributes: new Set([
    ...[
      'area',
      'width',
      'height',
      'aspect',
      'x',
      'y',
      'x1',
      'y1',
      'x2',
      'y2',
      'touches_border',
      'provenance',
    ],
    ...['score', 'iou', 'revision', 'attributes', 'used_in_training', 'ignore', 'crowd'],
  ]),
}
export type JsonColumn = 'metadata' | 'attributes'

/** A value of an image's metadata or of a label's attributes as the query line takes it: `gps.lat`, `metadata.width`. */
export function jsonField(column: JsonColumn, [first = '', ...inner]: readonly string[]): string {
  const bare =
    BARE.test(first) && !KEYWORDS.has(first.toLowerCase()) && !FIELDS[column].has(first.toLowerCase())
  // A place in a list is in quotes, as is all that is no plain word.
  return [...(bare ? [] : [column]), nameText(first), ...inner.map(nameText)].join('.')
}

export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

export type FacetValue = string | number | boolean
/** A value as the query line takes it. */
export const valueText = (value: FacetValue): string =>
  typeof value === 'string' ? quoted(value) : String(value)

export const classClause = (name: string): string => `any(${nameText(name)})`
export const tagClause = (name: string): string => `tag(${quoted(name)})`
export const provenanceClause = (value: string): string => `any(*, provenance = ${quoted(value)})`
/** Images that have a box of that size; the limits are those of COCO. */
export const SIZE_CLAUSES: Record<string, string> = {
  small: 'any(*, area < 32^2)',
  medium: 'any(*, area >= 32^2 and area < 96^2)',
  large: 'any(*, area >= 96^2)',
}
/** Images by the state of their labels; with boxes of whatever kind, also ignored ones. */
export const LABEL_STATE_CLAUSES = {
  not_labelled: 'not labelled',
  negative: 'negative',
  labelled: '(labelled and not negative)',
} as const
export const sliceClause = (name: string): string => `in_slice(${quoted(name)})`

/** The line without its order, and the order: `order by …` at its end, or nothing. */
export function withoutOrder(whole: string): readonly [line: string, order: string] {
  const words = topWords(whole)
  const at = words.find(({ word, at }, index) => {
    return word === 'order' && words[index + 1]?.word === 'by' && /^order\s+by\b/i.test(whole.slice(at))
  })?.at
  return at === undefined ? [whole, ''] : [whole.slice(0, at), whole.slice(at)]
}

/** The conditions that a line joins with `and` at its top. A line with an `or` at its top is one condition. */
export function conditions(whole: string): readonly string[] {
  const [line] = withoutOrder(whole)
  const words = topWords(line)
  if (words.some(({ word }) => word === 'or')) return line.trim() ? [`(${line.trim()})`] : []
  const cuts = words.filter(({ word }) => word === 'and')
  const starts = [0, ...cuts.map(({ at }) => at + 3)]
  const ends = [...cuts.map(({ at }) => at), line.length]
  return starts.map((start, index) => line.slice(start, ends[index]).trim()).filter(Boolean)
}

/** The words outside of strings and brackets, in small letters, with their places. */
function topWords(line: string): readonly { word: string; at: number }[] {
  const words: { word: string; at: number }[] = []
  let depth = 0
  for (const match of line.matchAll(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[()]|[\p{L}\p{N}_-]+/gsu)) {
    const [token] = match
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth === 0) words.push({ word: token.toLowerCase(), at: match.index })
  }
  return words
}

/** The parts as one line, with the order that `line` had. */
const joined = (parts: readonly string[], line: string): string =>
  [parts.join(' and '), withoutOrder(line)[1].trim()].filter(Boolean).join(' ')
const same = (a: string, b: string): boolean => normal(a) === normal(b)
const normal = (text: string): string => text.replace(/\s+/g, ' ').trim()

export const hasCondition = (line: string, clause: string): boolean =>
  conditions(line).some((one) => same(one, clause))

/** The line with the condition, or without it if it had it. */
export function toggleCondition(line: string, clause: string): string {
  const parts = conditions(line)
  const others = parts.filter((one) => !same(one, clause))
  return joined(others.length < parts.length ? others : [...parts, clause], line)
}

/** Values of a metadata key that the line asks for: of `key = v` or of `key in (v, …)`. */
export function chosenValues(line: string, key: string): readonly string[] {
  return conditions(line).flatMap((one) => valuesOf(one, key) ?? [])
}

/** Adds or removes a value of a metadata key; several values make one `in (…)`. */
export function toggleValue(line: string, key: string, value: FacetValue): string {
  const text = valueText(value)
  const parts = conditions(line)
  const others = parts.filter((one) => valuesOf(one, key) === null)
  const was = chosenValues(line, key)
  const next = was.includes(text) ? was.filter((one) => one !== text) : [...was, text]
  return joined(next.length === 0 ? others : [...others, valuesClause(key, next)], line)
}

/** Whether the line asks for this value of the key. */
export const hasValue = (line: string, key: string, value: FacetValue): boolean =>
  chosenValues(line, key).includes(valueText(value))

function valuesClause(key: string, values: readonly string[]): string {
  const field = jsonField('metadata', [key])
  return values.length === 1 ? `${field} = ${values[0]}` : `${field} in (${values.join(', ')})`
}

/** The values of a condition on `key`, null if it is another condition. */
function valuesOf(condition: string, key: string): readonly string[] | null {
  const field =
    /^(?:metadata\.)?(?:"((?:[^"\\]|\\.)*)"|([\p{L}_][\p{L}\p{N}_-]*))\s*(=|in\b)\s*(.+)$/isu.exec(condition)
  if (!field) return null
  const [, quotedName, bareName, operator, rest] = field
  if ((quotedName?.replace(/\\(.)/g, '$1') ?? bareName) !== key) return null
  if (operator === '=') return [rest?.trim() ?? '']
  const inside = /^\((.*)\)$/s.exec(rest?.trim() ?? '')?.[1]
  if (inside === undefined) return null
  return (inside.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,\s]+/gs) ?? []).map((one) => one.trim())
}
