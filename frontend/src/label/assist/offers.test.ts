import { describe, expect, it } from 'vitest'
import type { Xyxy } from '../../canvas/box'
import { type Candidate, ghostsFrom, offersAt, tightTo } from './offers'

const [CAR, TRUCK] = [1, 2]

function candidate(box: Xyxy, score: number, class_id = CAR): Candidate {
  return { box, classes: [{ class_id, score }] }
}

const far = candidate([300, 300, 340, 340], 0.9)

describe('a click', () => {
  it('takes the box in whose middle it is, of equally certain ones', () => {
    // Middles at (20, 20) and (40, 20); the click is .2 half sides from the first and .8 from the second.
    const candidates = [candidate([20, 0, 60, 40], 0.5), candidate([0, 0, 40, 40], 0.5)]
    expect(offersAt(candidates, { x: 24, y: 20 }).map(({ index }) => index)).toEqual([1, 0])
  })

  it('weighs score against nearness', () => {
    // exp(-8 · .2²) = .726 and exp(-8 · .25²) = .607: .3² · .726 = .065 loses to .9² · .607 = .49 (support is the score).
    const candidates = [candidate([0, 0, 20, 20], 0.3), candidate([-10, -20, 30, 40], 0.9)]
    expect(offersAt(candidates, { x: 12, y: 10 })[0]?.index).toBe(1)
  })

  it('prefers the box that others support', () => {
    // Alone .5 · .5 = .25. The pair (IoU 39/41 = .951, to the 8th .670): .4 · (.4 + .4 · .670) = .267.
    const candidates = [
      candidate([0, 0, 40, 40], 0.5),
      candidate([10, 10, 30, 30], 0.4, TRUCK),
      candidate([10, 10, 30, 30.5], 0.4, TRUCK),
    ]
    expect(offersAt(candidates, { x: 20, y: 20 })[0]?.class_id).toBe(TRUCK)
    expect(offersAt(candidates.slice(0, 2), { x: 20, y: 20 })[0]?.class_id).toBe(CAR)
  })

  it('offers the mean of the boxes that lie there, once', () => {
    // IoU 80/100 = .8, to the 8th .168: (100 + .168 · .5 · 80 / .5) / (1 + .168) = 97.1.
    const candidates = [candidate([0, 0, 100, 100], 0.5), candidate([0, 0, 80, 100], 0.5)]
    const [offer, ...others] = offersAt(candidates, { x: 50, y: 50 })
    expect(others).toEqual([])
    expect(offer?.box.map((side) => Math.round(side * 10) / 10)).toEqual([0, 0, 97.1, 100])
  })

  it('leaves out objects that have their box, and what is elsewhere', () => {
    const candidates = [candidate([0, 0, 40, 40], 0.5), far]
    expect(offersAt(candidates, { x: 20, y: 20 }, [[2, 2, 42, 42]])).toEqual([])
    expect(offersAt([], { x: 20, y: 20 })).toEqual([])
  })

  it('reaches a box a little beside it only where no box holds it', () => {
    const small = candidate([0, 0, 10, 10], 0.5)
    expect(offersAt([small], { x: 12, y: 5 })).toHaveLength(1) // 1.4 half sides
    expect(offersAt([small], { x: 13, y: 5 })).toHaveLength(0) // 1.6
    expect(offersAt([small, candidate([8, 0, 48, 40], 0.1)], { x: 12, y: 5 })[0]?.index).toBe(1)
  })

  it('offers no more than eight', () => {
    const many = Array.from({ length: 20 }, (_, at) => candidate([0, 0, 10 * 1.5 ** at, 10 * 1.5 ** at], 0.5))
    expect(offersAt(many, { x: 5, y: 5 })).toHaveLength(8)
  })
})

describe('ghosts', () => {
  it('are each object from the score on that has no box, the most certain first', () => {
    const candidates = [
      candidate([0, 0, 40, 40], 0.5),
      candidate([0, 0, 40, 38], 0.4, TRUCK), // the same object again
      candidate([100, 100, 140, 140], 0.6),
      candidate([200, 200, 240, 240], 0.2),
      far,
    ]
    const found = ghostsFrom(candidates, 0.3, [[101, 101, 141, 141]])
    expect(found.map(({ index }) => index)).toEqual([4, 0])
  })
})

describe('a loose box', () => {
  const candidates = [
    candidate([0, 0, 40, 40], 0.5),
    candidate([0, 0, 48, 40], 0.9, TRUCK),
    candidate([100, 0, 140, 40], 0.9),
  ]

  it('goes to the candidate of its class', () => {
    // IoU with the first 1600 / 2500 = .64.
    expect(tightTo(candidates, [0, 0, 50, 50], CAR)?.index).toBe(0)
    expect(tightTo(candidates, [0, 0, 50, 50], TRUCK)?.index).toBe(1)
  })

  it('stays where no candidate covers half of it', () => {
    expect(tightTo(candidates, [0, 0, 60, 60], CAR)).toBeNull() // 1600 / 3600 = .44
    expect(tightTo(candidates, [0, 0, 50, 50], 7)).toBeNull()
  })
})
