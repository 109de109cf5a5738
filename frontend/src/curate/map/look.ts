/** Which colour and rank each point has: pure, from the groups, the query and the lasso. */

import type { ColourGroup, MapColours } from '../../api/types'
import { CLASS_PALETTE, MEANING, type Scheme } from '../../ui/colours'
import { ink } from './raster'

/** What is beside the matter, or in no group. */
const FAINT: Record<Scheme, string> = { dark: '#77777b', light: '#8b8b88' }
const BESIDE = 70
/** Of an image that was removed since the map was drawn: in no group, and not drawn. */
const GONE = -2

export function colourOf(group: ColourGroup | undefined, place: number, scheme: Scheme): string {
  if (group?.colour) return group.colour
  if (group?.code === 'tp' || group?.code === 'fp' || group?.code === 'fn') return MEANING[scheme][group.code]
  if (!group || group.code) return FAINT[scheme]
  return CLASS_PALETTE[place % CLASS_PALETTE.length]!
}

export type Asked = {
  readonly count: number
  readonly colours: MapColours | undefined
  /** Of each point, whether the query line means it; null: all. */
  readonly meant: Uint8Array | null
  /** Of each point, whether it is inside the lasso; null: there is none. */
  readonly inside: Uint8Array | null
  /** The group that the pointer rests on in the legend. */
  readonly lifted: number | null
  readonly scheme: Scheme
}

export type Look = { readonly inks: Uint32Array; readonly rank: Uint8Array; readonly selected: number }

export function lookOf({ count, colours, meant, inside, lifted, scheme }: Asked): Look {
  const groups = colours?.groups ?? []
  const full = groups.map((group, place) => ink(colourOf(group, place, scheme)))
  const [none, beside] = [ink(FAINT[scheme]), ink(FAINT[scheme], BESIDE)]
  const [inks, rank] = [new Uint32Array(count), new Uint8Array(count)]
  let selected = 0
  for (let i = 0; i < count; i += 1) {
    if (colours?.of[i] === GONE) {
      rank[i] = 3
      continue
    }
    const isMeant = meant === null || meant[i] === 1
    const isInside = isMeant && inside !== null && inside[i] === 1
    const isLifted = lifted === null || colours?.of[i] === lifted
    if (isInside) selected += 1
    rank[i] = !isMeant ? 0 : isInside ? 2 : 1
    const shown = isMeant && isLifted && (inside === null || isInside)
    inks[i] = shown ? (full[colours?.of[i] ?? -1] ?? none) : beside
  }
  return { inks, rank, selected }
}
