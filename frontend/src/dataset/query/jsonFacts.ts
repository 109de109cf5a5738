import { type JsonColumn, jsonField } from './queryText'

/** Names as the query line takes them, and values as text. */
export type JsonFacts = Record<string, string>

/**
 * An image's metadata or a label's attributes as names and values, those inside others by their path: `gps.lat`. A list
 * of plain values stands in one line; one that holds more than those is taken apart by place: `sensors."0".name`.
 */
export function jsonFacts(values: Readonly<Record<string, unknown>>, column: JsonColumn): JsonFacts {
  const leaves = Object.entries(values).flatMap(([key, value]) => leavesOf(value, [key]))
  return Object.fromEntries(leaves.map(([path, text]) => [jsonField(column, path), text]))
}

type Leaf = readonly [path: readonly string[], text: string]

function leavesOf(value: unknown, path: readonly string[]): readonly Leaf[] {
  const inside = Object.entries(isBranch(value) ? value : {})
  if (inside.length === 0) return [[path, textOf(value)]]
  return inside.flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
}

/** What has names or places of its own: an object, or a list that is not of plain values only. */
const isBranch = (value: unknown): value is object =>
  Array.isArray(value) ? value.some(isObject) : isObject(value)

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A plain value or a list of them; a dash where there is none. */
function textOf(value: unknown): string {
  const texts = (Array.isArray(value) ? value : [value]).map((one) =>
    isObject(one) ? '' : String(one ?? ''),
  )
  return texts.map((text) => text || '–').join(', ') || '–'
}
