import type { Attribute, AttributeKind } from '../../api/types'
import type { NewAttribute } from './attributeQueries'

type Scalar = Attribute['values'][number]

/** An attribute as the form holds it: everything that is typed is text. */
export type AttributeDraft = {
  class_id: number | null
  name: string
  kind: AttributeKind
  values: string[]
  minimum: string
  maximum: string
  unit: string
  required: boolean
  default: string
  same_as_last: boolean
}

export const KINDS: readonly AttributeKind[] = ['checkbox', 'choice', 'number', 'text']

export const EMPTY: AttributeDraft = {
  class_id: null,
  name: '',
  kind: 'checkbox',
  values: [],
  minimum: '',
  maximum: '',
  unit: '',
  required: false,
  default: '',
  same_as_last: false,
}

const textOf = (value: Scalar | null): string => (value === null ? '' : String(value))

export function draftOf(of: Attribute): AttributeDraft {
  const { class_id, name, kind, unit, required, same_as_last } = of
  return {
    ...{ class_id, name, kind, unit, required, same_as_last },
    values: of.values.map(String),
    minimum: textOf(of.minimum),
    maximum: textOf(of.maximum),
    default: textOf(of.default),
  }
}

/** A value as it was before; a new one is a number where all that were there are numbers. */
function scalarOf(text: string, before: readonly Scalar[]): Scalar {
  const known = before.find((one) => String(one) === text)
  if (known !== undefined) return known
  const numbers = before.length > 0 && before.every((one) => typeof one === 'number')
  return numbers && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))

/** What is sent. `before` are the values that the choice had. */
export function attributeOf(draft: AttributeDraft, before: readonly Scalar[] = []): NewAttribute {
  const { kind } = draft
  const values = kind === 'choice' ? draft.values.map((text) => scalarOf(text, before)) : []
  return {
    class_id: draft.class_id,
    name: draft.name.trim(),
    kind,
    values,
    minimum: kind === 'number' ? numberOf(draft.minimum) : null,
    maximum: kind === 'number' ? numberOf(draft.maximum) : null,
    unit: kind === 'number' ? draft.unit.trim() : '',
    required: draft.required,
    default: defaultOf(draft, values),
    same_as_last: draft.same_as_last,
  }
}

function defaultOf(draft: AttributeDraft, values: readonly Scalar[]): Scalar | null {
  const text = draft.default
  if (text === '') return null
  if (draft.kind === 'checkbox') return text === 'true'
  if (draft.kind === 'number') return Number(text)
  if (draft.kind === 'choice') return values.find((one) => String(one) === text) ?? null
  return text
}

/** Whether it can be sent: the server says the rest. */
export function isReady(draft: AttributeDraft): boolean {
  const numbers = [draft.minimum, draft.maximum, draft.kind === 'number' ? draft.default : '']
  return (
    draft.name.trim() !== '' &&
    (draft.kind !== 'choice' || draft.values.length > 0) &&
    (draft.kind !== 'number' || numbers.every((text) => Number.isFinite(Number(text))))
  )
}
