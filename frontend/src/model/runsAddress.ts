/** Runs in the address, `?runs=1,2,3`. */

export type RunsAddress = { runs?: string }

/** Of what stands there only ids, each once; a router reads a single one as a number. */
export const readRunsAddress = (search: Record<string, unknown>): RunsAddress => ({
  runs: listed(idsOf(search.runs)),
})

export const idsOf = (value: unknown): number[] => [
  ...new Set(
    String(value ?? '')
      .split(',')
      .filter((part) => /^[1-9][0-9]{0,14}$/.test(part))
      .map(Number),
  ),
]

export const listed = (ids: readonly (number | string)[]): string | undefined =>
  ids.length > 0 ? ids.join(',') : undefined
