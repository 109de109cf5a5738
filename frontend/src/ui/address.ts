/** One thing of an address: a text, if it says something. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value ? value : undefined

/** One thing of an address: a whole number, if it is one. */
export const whole = (value: unknown): number | undefined =>
  Number.isInteger(Number(value)) && value !== '' && value != null ? Number(value) : undefined
