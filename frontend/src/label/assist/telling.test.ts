import { beforeEach, describe, expect, it } from 'vitest'
import { Activity } from '../activity'
import { removeBoxes, setBox } from '../canvas/document'
import { Editor } from '../canvas/editor'
import type { Candidate } from './offers'
import { nextOffer, refuseOffer, takeAt, takeFocused } from './taking'
import { Telling } from './telling'

const image = { width: 200, height: 100 }
const CANDIDATES: Candidate[] = [
  { box: [0, 0, 40, 40], classes: [{ class_id: 1, score: 0.9 }] },
  { box: [10, 10, 30, 30], classes: [{ class_id: 2, score: 0.2 }] },
  { box: [100, 0, 140, 40], classes: [{ class_id: 1, score: 0.8 }] },
]

let editor: Editor
let telling: Telling
let now = 0
let activity: Activity

/** Works for so many seconds, then does something. */
function afterwards(seconds: number, act: () => void): void {
  const before = editor.state
  now += seconds * 1000
  activity.touch(now)
  act()
  telling.follow(before, editor.state, now)
}

const unsent = () => telling.unsent(editor.content)
const told = () => unsent().map(({ kind, outcome, seconds }) => [kind, outcome, seconds])
const draw = () =>
  editor.commit('draw', (content) => ({
    ...content,
    boxes: [
      ...content.boxes,
      {
        id: 'n1',
        object_id: null,
        class_id: 1,
        box: [50, 50, 60, 60],
        attributes: {},
        ignore: 'no',
        provenance: 'human',
      },
    ],
  }))

beforeEach(() => {
  now = 0
  editor = new Editor({ image, content: { boxes: [], decisions: {} }, activeClass: 1 })
  editor.setScreen({ width: 432, height: 232 })
  editor.setCandidates(CANDIDATES, 12)
  activity = new Activity()
  activity.touch(0)
  telling = new Telling(activity)
})

describe('what is told', () => {
  it('measures a drawn box from the change before it, with its later changes', () => {
    afterwards(5, draw)
    afterwards(2, () => editor.commit('resize', setBox('n1', [50, 50, 70, 70], image)))
    expect(told()).toEqual([['drawn', 'taken', 7]])
  })

  it('is one entry of a click, whichever offer stands in the end', () => {
    afterwards(3, () => takeAt(editor, { x: 20, y: 20 }))
    afterwards(1, () => nextOffer(editor, 1))
    const [entry, ...others] = unsent()
    expect(others).toEqual([])
    expect(entry).toMatchObject({ kind: 'click', outcome: 'taken', checkpoint: 12, seconds: 4 })
    expect(entry?.offered?.class_id).toBe(2)
    expect(entry?.box_id).toBe(editor.content.boxes[0]?.id)
  })

  it('is refused where the click was taken back, and taken again where that is done again', () => {
    afterwards(3, () => takeAt(editor, { x: 20, y: 20 }))
    afterwards(1, () => refuseOffer(editor))
    expect(told()).toEqual([['click', 'refused', 4]])
    afterwards(1, () => editor.redo())
    expect(told()).toEqual([['click', 'taken', 5]])
  })

  it('tells of each ghost, and of those that were refused', () => {
    editor.setTool('fill')
    editor.setAssist({ focused: 0 })
    afterwards(2, () => takeFocused(editor))
    afterwards(1, () => editor.setAssist({ refused: new Set([2]) }))
    expect(told()).toEqual([
      ['fill', 'taken', 2],
      ['fill', 'refused', 1],
    ])
  })

  it('remembers where a tightened box lay, and leaves its time to the box it is of', () => {
    afterwards(4, draw)
    afterwards(1, () => editor.commit('tighten', setBox('n1', [51, 51, 59, 59], image)))
    expect(told()).toEqual([
      ['drawn', 'taken', 4],
      ['tighten', 'taken', 1],
    ])
    expect(unsent()[1]?.offered).toMatchObject({ box: [51, 51, 59, 59], before: [50, 50, 60, 60] })
  })

  it('tells of the time that a pre-labelled box took', () => {
    const given = { ...CANDIDATES[0], id: 'nm3-1' }
    editor.commit('restore', (content) => ({
      ...content,
      boxes: [
        {
          id: given.id,
          object_id: null,
          class_id: 1,
          box: [0, 0, 9, 9],
          attributes: {},
          ignore: 'no',
          provenance: 'model',
        },
      ],
    }))
    afterwards(6, () => editor.commit('delete', removeBoxes(['nm3-1'])))
    expect(told()).toEqual([['prelabel', 'refused', 6]])
  })
})

describe('a save', () => {
  it('tells once, and again only what has changed since', () => {
    afterwards(3, () => takeAt(editor, { x: 20, y: 20 }))
    const sent = unsent()
    const [box] = editor.content.boxes
    afterwards(2, () => editor.commit('resize', setBox(box?.id ?? '', [0, 0, 50, 50], image)))
    telling.landed(sent)
    expect(unsent().map(({ key, seconds }) => [key, seconds])).toEqual([[sent[0]?.key, 5]])
    telling.landed(unsent())
    expect(unsent()).toEqual([])
  })

  it('that did not come through before a reload is made up for', () => {
    afterwards(3, () => takeAt(editor, { x: 20, y: 20 }))
    const again = new Telling(new Activity(), telling.kept)
    expect(again.unsent(editor.content)).toEqual(unsent())
  })
})
