/** The name, or the first free one like it. */
export function freeName(name: string, taken: readonly string[]): string {
  const known = new Set(taken)
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} ${number}`
    if (!known.has(candidate)) return candidate
  }
}
