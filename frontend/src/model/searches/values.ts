import type { RunSettings } from '../../api/types'

/** A setting's value as a table shows it: at most four digits that count. */
export function valueText(value: RunSettings[string] | undefined): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value)
}
