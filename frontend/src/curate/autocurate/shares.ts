import { count, percent } from '../../ui/format'

type ShareOf = { share: number | null; low: number | null; high: number | null }

/** A share with its interval: 62 % [55, 69]; a dash where there is nothing of which it could be one. */
export function shareWithEnds({ share, low, high }: ShareOf): string {
  if (share === null || low === null || high === null) return '–'
  return `${percent(share)} [${count(low * 100)}, ${count(high * 100)}]`
}
