/** Neighbouring edges of bins, without those that are missing. */
export function pairwise(edges: readonly (number | null)[]): [number, number][] {
  const known = edges.filter((edge) => edge !== null)
  return known.slice(1).map((high, at) => [known[at] as number, high])
}
