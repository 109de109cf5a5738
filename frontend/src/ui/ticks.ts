/** Steps for axis labels that include zero: a round step so that about `wanted` of them lie in the range. */
export function ticks(low: number, high: number, wanted = 6): number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / wanted
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * size).find((n) => n >= rough) ?? size * 10
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step + 0)
}
