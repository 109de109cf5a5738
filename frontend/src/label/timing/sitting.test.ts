import { describe, expect, it } from 'vitest'
import { Activity } from '../activity'
import {
  addBoxes,
  type Change,
  commit,
  drawnBox,
  moveBoxes,
  openDocument,
  redo,
  removeBoxes,
  setClass,
  undo,
} from '../canvas/document'
import { Sitting } from './sitting'

const IMAGE = { width: 100, height: 100 }
const [CAR, BUS] = [3, 4]

/** A sitting in which something is done every two seconds. */
function sitting() {
  const activity = new Activity()
  const told = new Sitting(activity)
  let document = openDocument(IMAGE, { boxes: [], decisions: {} })
  let now = 0
  activity.touch(now)
  const after = (next: typeof document) => {
    now += 2_000
    activity.touch(now)
    told.follow(document, next, now)
    document = next
  }
  return {
    told: () => told.soFar(now),
    wait: (ms: number) => {
      now += ms
    },
    act: (name: Parameters<typeof commit>[1], change: Change, key?: string) =>
      after(commit(document, name, change, key)),
    undo: () => after(undo(document)),
    redo: () => after(redo(document)),
  }
}

const draw = (id: string) => addBoxes([drawnBox(id, CAR, [0, 0, 10, 10], IMAGE)])

describe('a sitting', () => {
  it('gives each step the time that led up to it, and keeps the rest as looking', () => {
    const at = sitting()
    at.act('draw', draw('n1'))
    at.act('class', setClass(['n1'], BUS))
    at.act('delete', removeBoxes(['n1']))
    at.wait(1_500)
    expect(at.told()).toMatchObject({
      seconds: 7.5,
      steps: [
        { kind: 'draw', class_id: CAR, seconds: 2 },
        { kind: 'relabel', class_id: BUS, seconds: 2 },
        { kind: 'delete', class_id: BUS, seconds: 2 },
      ],
    })
  })
  it('counts a held arrow key as one step', () => {
    const at = sitting()
    at.act('draw', draw('n1'))
    for (const _ of [1, 2, 3]) at.act('move', moveBoxes(['n1'], 1, 0, IMAGE), 'nudge')
    expect(at.told().steps).toEqual([
      { kind: 'draw', class_id: CAR, seconds: 2 },
      { kind: 'move', class_id: CAR, seconds: 6 },
    ])
  })
  it('leaves the time of undo and redo to what comes next', () => {
    const at = sitting()
    at.act('draw', draw('n1'))
    at.undo()
    at.redo()
    at.act('class', setClass(['n1'], BUS))
    expect(at.told().steps.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ['draw', 2],
      ['relabel', 6],
    ])
  })
  it('does not count idle time as work', () => {
    const at = sitting()
    at.wait(600_000)
    at.act('draw', draw('n1'))
    expect(at.told()).toMatchObject({ seconds: 30, steps: [{ kind: 'draw', seconds: 30 }] })
  })
  it('begins another one when the server would take no more steps', () => {
    const at = sitting()
    for (let step = 0; step < 901; step += 1) at.act('draw', draw(`n${step}`))
    expect(at.told().steps).toHaveLength(1)
    expect(at.told().seconds).toBe(2)
  })
})
