/** What boxes carry beside their class: the schema's attributes and free ones. Plain functions, no React. */

import type { Attribute } from '../../api/types'
import type { Content, LabelBox } from './content'
import type { Change } from './document'

export type Schema = readonly Attribute[]
type Values = LabelBox['attributes']

/** Kept by Halfday itself or by the tools that draw: shown, but not edited here. */
export const READ_ONLY: ReadonlySet<string> = new Set([
  'rotation',
  'rotated_box',
  'track',
  'track_id',
  'keyframe',
  'leaves',
  'z_order',
])

/** What the labeller gave last, by attribute; it goes along from image to image. */
export const lastGiven = new Map<number, unknown>()

export const schemaOf = (schema: Schema, classId: number): Schema =>
  schema.filter((one) => one.class_id === null || one.class_id === classId)

/** What a new box of a class begins with. */
export function initialValues(schema: Schema, classId: number): Values {
  const values: Record<string, unknown> = {}
  for (const one of schemaOf(schema, classId)) {
    const last = one.same_as_last ? lastGiven.get(one.id) : undefined
    const value = last ?? one.default
    if (value !== null && value !== undefined) values[one.name] = value
  }
  return values
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** Names of required attributes that a box lacks; what is ignored lacks none. */
export function missingOf(schema: Schema, box: LabelBox): string[] {
  if (box.ignore !== 'no') return []
  return schemaOf(schema, box.class_id)
    .filter((one) => one.required && !isThere(box.attributes[one.name]))
    .map((one) => one.name)
}

/** Whether a value is one that the schema takes; the server says the same on save. */
export function isTaken(attribute: Attribute, value: unknown): boolean {
  if (!isThere(value)) return true
  if (attribute.kind === 'checkbox') return typeof value === 'boolean'
  if (attribute.kind === 'choice') return attribute.values.some((one) => one === value)
  if (attribute.kind === 'text') return typeof value === 'string'
  const { minimum, maximum } = attribute
  return typeof value === 'number' && value >= (minimum ?? value) && value <= (maximum ?? value)
}

/** Sets one attribute of several boxes; undefined takes it away. */
export function setAttribute(ids: readonly string[], name: string, value: unknown): Change {
  return (content) => {
    let touched = false
    const boxes = content.boxes.map((box) => {
      if (!ids.includes(box.id) || box.attributes[name] === value) return box
      if (value === undefined && !(name in box.attributes)) return box
      touched = true
      const { [name]: _, ...others } = box.attributes
      const attributes = value === undefined ? others : { ...others, [name]: value }
      return { ...box, attributes, provenance: 'human' as const }
    })
    return touched ? { ...content, boxes } : content
  }
}

/** The change, after which boxes that it drew have what new ones begin with. */
export function withInitialValues(change: Change, schema: Schema): Change {
  if (schema.length === 0) return change
  return (content) => {
    const changed = change(content)
    if (changed.boxes.length <= content.boxes.length) return changed
    const known = new Set(content.boxes.map((box) => box.id))
    const boxes = changed.boxes.map((box) => {
      const drawn = !known.has(box.id) && Object.keys(box.attributes).length === 0
      return drawn ? { ...box, attributes: initialValues(schema, box.class_id) } : box
    })
    return { ...changed, boxes }
  }
}

/** The first box that lacks something required, and what. */
export function firstIncomplete(schema: Schema, content: Content): { box: LabelBox; names: string[] } | null {
  if (!schema.some((one) => one.required)) return null
  for (const box of content.boxes) {
    const names = missingOf(schema, box)
    if (names.length > 0) return { box, names }
  }
  return null
}

/** One line of the panel: what several boxes have of one attribute. `attribute` null: it is free. */
export type Line = {
  readonly name: string
  readonly attribute: Attribute | null
  /** undefined where none has it, or where they differ. */
  readonly value: unknown
  readonly mixed: boolean
}

/** What is shown of the selected boxes: what the schema asks of all their classes, then what they carry freely. */
export function linesOf(schema: Schema, boxes: readonly LabelBox[]): Line[] {
  const [first, ...others] = boxes
  if (!first) return []
  const asked = schemaOf(schema, first.class_id).filter((one) =>
    others.every((box) => one.class_id === null || one.class_id === box.class_id),
  )
  const names = new Set(asked.map((one) => one.name))
  const free = [...new Set(boxes.flatMap((box) => Object.keys(box.attributes)))].filter(
    (name) => !names.has(name),
  )
  return [
    ...asked.map((one) => line(one.name, one, boxes)),
    ...free.sort().map((name) => line(name, null, boxes)),
  ]
}

function line(name: string, attribute: Attribute | null, boxes: readonly LabelBox[]): Line {
  const value = boxes[0]?.attributes[name]
  const text = JSON.stringify(value)
  const mixed = boxes.some((box) => JSON.stringify(box.attributes[name]) !== text)
  return { name, attribute, value: mixed ? undefined : value, mixed }
}
