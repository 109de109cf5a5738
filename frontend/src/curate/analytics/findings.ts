import type { Finding } from '../../api/types'
import { number, percent } from '../../ui/format'

/** A difference of two sets in words and on a line of two dots. Pure. */

export type Fact = {
  key: 'more' | 'less' | 'onlyFirst' | 'onlySecond' | 'timesMore' | 'timesLess'
  times: string
}

/** From how many times on one says so, and up to which share: twice 80 % is not a thing. */
const WORTH_SAYING = 1.5

/** Which sentence says it: only in one set, so many times as often, or just more and less often. */
export function factOf({ first, second, is_share }: Finding): Fact {
  if (is_share && second === 0) return { key: 'onlyFirst', times: '' }
  if (is_share && first === 0) return { key: 'onlySecond', times: '' }
  const more = first > second
  const [high, low] = more ? [first, second] : [second, first]
  const times = low > 0 ? high / low : 0
  if (!is_share || times < WORTH_SAYING) return { key: more ? 'more' : 'less', times: '' }
  return { key: more ? 'timesMore' : 'timesLess', times: number(times, 2) }
}

/** A share as per cent, a mean as a number. */
export function figureOf({ is_share }: Finding, value: number): string {
  return is_share ? percent(value, value > 0 && value < 0.1 ? 1 : 0) : number(value)
}

/** The two values' places on a line from 0 to 1: shares as they are, means by the larger. */
export function pairOf({ first, second, is_share }: Finding): [number, number] {
  if (is_share) return [first, second]
  const low = Math.min(0, first, second)
  const span = Math.max(first, second, 0) - low || 1
  return [(first - low) / span, (second - low) / span]
}
