import { describe, expect, it } from 'vitest'
import type { SeenObject } from '../../api/types'
import { answersOf, leftOf, optionsOf, questionsOf, stepTo } from './compare'

const [CAR, BUS] = [3, 4]
const object = (question: SeenObject['question'], ...classes: number[]): SeenObject => ({
  boxes: classes.map((class_id, person) => ({ person, class_id, box: [0, 0, 9, 9], ignore: 'no' })),
  keep: true,
  class_id: classes[0] ?? CAR,
  box: [0, 0, 9, 9],
  overlap: null,
  question,
})
const SEEN = [
  object('class', CAR, BUS),
  object(null, CAR, CAR),
  object('presence', BUS),
  object('class', BUS, CAR),
]

describe('deciding', () => {
  it('offers each class that somebody gave once, and no object', () => {
    expect(optionsOf(object('class', BUS, CAR, BUS))).toEqual([
      { key: '1', classId: BUS },
      { key: '2', classId: CAR },
      { key: '0', classId: null },
    ])
  })
  it('knows what is left', () => {
    expect(questionsOf(SEEN)).toEqual([0, 2, 3])
    expect(leftOf(SEEN, { 0: CAR, 2: null })).toEqual([3])
  })
  it.each([
    ['to the next that is open', {}, 0, 1, 2],
    ['past what is answered', { 2: null }, 0, 1, 3],
    ['round to the first', {}, 3, 1, 0],
    ['backwards', {}, 3, -1, 2],
    ['through the answered once none is open', { 0: CAR, 2: null, 3: BUS }, 0, 1, 2],
  ] as const)('goes %s', (_, chosen, from, by, to) => {
    expect(stepTo(SEEN, chosen, from, by)).toBe(to)
  })
  it('says no object as no class', () => {
    expect(answersOf({ 0: CAR, 2: null })).toEqual([
      { object: 0, class_id: CAR },
      { object: 2, class_id: null },
    ])
  })
})
