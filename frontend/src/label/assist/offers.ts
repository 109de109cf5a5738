/**
 * Which of a detector's boxes a click means, which are worth showing all at once, and to which one a loose box belongs.
 * Pure; benchmarks/assist.py runs this very file to measure how often the first offer is right.
 */

import { iou, type Point, type Xyxy } from '../../canvas/box'

/** A place that the detector names, with the one or two classes that it may be, the more certain one first. */
export type Candidate = {
  readonly box: Xyxy
  readonly classes: readonly { readonly class_id: number; readonly score: number }[]
}

/** A box to take. `index` is its candidate's place in the list. */
export type Offer = {
  readonly index: number
  readonly box: Xyxy
  readonly class_id: number
  readonly score: number
}

/** How fast a claim falls with the distance from the middle: e^(−SHARPNESS · d²), d in half sides of the box. */
const SHARPNESS = 8
/** A box is supported by the others that lie about where it does: each counts by IoU to this power. */
const ALIKE = 8
/** From this IoU on others have a say in where exactly the box lies. */
const HAS_A_SAY = 0.6
/** Offers that overlap more (IoU) are the same choice; the better one stands for both. */
const SAME_CHOICE = 0.75
/** A box that covers a label this much (IoU) is of an object that has its box already. */
export const HAS_A_BOX = 0.5
/** From this IoU with a loose box on a candidate of its class is of the same object. */
const TIGHTENS = 0.5
/** Where no box holds the click, those count whose edge is at most this part of their own side away. */
const NEAR = 0.25
export const MOST_OFFERS = 8

export const scoreOf = ({ classes }: Candidate): number => classes[0]?.score ?? 0

/**
 * What is offered for the object that was clicked on, the best first: by score, by how much the other candidates support
 * the box, and by how near its middle is. Objects that have their box already are left out.
 */
export function offersAt(
  candidates: readonly Candidate[],
  click: Point,
  labelled: readonly Xyxy[] = [],
): readonly Offer[] {
  const places = candidates.map(({ box }, index) => ({ box, index, away: distance(box, click) }))
  const free = places.filter(({ box, away }) => away <= 1 + 2 * NEAR && !isLabelled(box, labelled))
  const around = free.filter(({ away }) => away <= 1)
  const supports = supportsOf(candidates)
  const claimed = (around.length > 0 ? around : free).map((place) => ({
    ...place,
    claim: claimOf(candidates, supports, place.index, click),
  }))
  const sorted = claimed.sort((a, b) => b.claim - a.claim)
  return distinct(sorted, SAME_CHOICE, MOST_OFFERS).map(({ index }) => offerOf(candidates, index))
}

/** All boxes from a score on that are of objects without a box, each object once, the most certain first. */
export function ghostsFrom(
  candidates: readonly Candidate[],
  threshold: number,
  labelled: readonly Xyxy[],
): readonly Offer[] {
  const places = candidates.map((one, index) => ({ box: one.box, index, score: scoreOf(one) }))
  const wanted = places.filter(({ box, score }) => score >= threshold && !isLabelled(box, labelled))
  const sorted = wanted.sort((a, b) => b.score - a.score)
  return distinct(sorted, HAS_A_BOX, Number.POSITIVE_INFINITY).map(({ index }) => offerOf(candidates, index))
}

/** The candidate of its own class that a loose box was meant for; null where none is near. */
export function tightTo(candidates: readonly Candidate[], loose: Xyxy, classId: number): Offer | null {
  let [best, most] = [-1, 0]
  candidates.forEach((one, index) => {
    const overlap = iou(one.box, loose)
    const own = one.classes.some(({ class_id }) => class_id === classId)
    if (!own || overlap < TIGHTENS || overlap * scoreOf(one) <= most) return
    best = index
    most = overlap * scoreOf(one)
  })
  return best < 0 ? null : offerOf(candidates, best)
}

const isLabelled = (box: Xyxy, labelled: readonly Xyxy[]): boolean =>
  labelled.some((other) => iou(box, other) >= HAS_A_BOX)

/** 0 at the middle of a box, 1 at its edges, more outside. */
const distance = (box: Xyxy, click: Point): number => Math.max(...offsets(box, click))

/** How far a point is from the middle of a box, in half sides: across and down. */
function offsets([x1, y1, x2, y2]: Xyxy, { x, y }: Point): [number, number] {
  const across = Math.abs(x - (x1 + x2) / 2) / Math.max((x2 - x1) / 2, 1e-6)
  const down = Math.abs(y - (y1 + y2) / 2) / Math.max((y2 - y1) / 2, 1e-6)
  return [across, down]
}

function claimOf(
  candidates: readonly Candidate[],
  supports: readonly number[],
  index: number,
  click: Point,
): number {
  const candidate = candidates[index]
  if (!candidate) return 0
  const [across, down] = offsets(candidate.box, click)
  const nearness = Math.exp(-SHARPNESS * (across ** 2 + down ** 2))
  return scoreOf(candidate) * (supports[index] ?? 0) * nearness
}

const known = new WeakMap<readonly Candidate[], readonly number[]>()

/** Of each candidate, the scores of all that lie where it does, itself included; computed once for a list. */
function supportsOf(candidates: readonly Candidate[]): readonly number[] {
  const found = known.get(candidates)
  if (found) return found
  const supports = candidates.map(({ box }) =>
    candidates.reduce((sum, other) => sum + scoreOf(other) * iou(box, other.box) ** ALIKE, 0),
  )
  known.set(candidates, supports)
  return supports
}

/** The first of those that overlap more than `same`, at most so many. */
function distinct<Place extends { readonly box: Xyxy }>(
  places: readonly Place[],
  same: number,
  most: number,
): readonly Place[] {
  const kept: Place[] = []
  for (const one of places) {
    if (kept.length >= most) break
    if (!kept.some((other) => iou(one.box, other.box) >= same)) kept.push(one)
  }
  return kept
}

/** A candidate's class and score, its box as all that lie about there see it. */
function offerOf(candidates: readonly Candidate[], index: number): Offer {
  const candidate = candidates[index]
  const [best] = candidate?.classes ?? []
  const box = candidate ? averaged(candidates, candidate.box) : ([0, 0, 0, 0] as const)
  return { index, box, class_id: best?.class_id ?? 0, score: best?.score ?? 0 }
}

/** The mean of the boxes around there, each with the weight of its score and its IoU. */
function averaged(candidates: readonly Candidate[], box: Xyxy): Xyxy {
  let whole = 0
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  for (const other of candidates) {
    const overlap = iou(box, other.box)
    if (overlap < HAS_A_SAY) continue
    const weight = scoreOf(other) * overlap ** ALIKE
    whole += weight
    for (const side of [0, 1, 2, 3] as const) sums[side] += weight * other.box[side]
  }
  return whole > 0 ? [sums[0] / whole, sums[1] / whole, sums[2] / whole, sums[3] / whole] : box
}
