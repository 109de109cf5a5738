import { describe, expect, it } from 'vitest'
import { changedVerdicts, difference, sameContent } from './compare'
import type { LabelBox } from './content'
import {
  addBoxes,
  commit,
  drawnBox,
  type LabelDocument,
  moveBoxes,
  openDocument,
  pastedBoxes,
  redo,
  removeBoxes,
  replaceContent,
  setBox,
  setClass,
  undo,
} from './document'

const image = { width: 100, height: 100 }

function box(id: string, xyxy: LabelBox['box'], classId = 1): LabelBox {
  return {
    id,
    object_id: 7,
    class_id: classId,
    box: xyxy,
    attributes: {},
    ignore: 'no',
    provenance: 'imported',
  }
}

function opened(...boxes: LabelBox[]): LabelDocument {
  return openDocument(image, { boxes, decisions: {} })
}

describe('commit, undo, redo', () => {
  it('works', () => {
    const start = opened(box('o1', [10, 10, 20, 20]))
    const relabelled = commit(start, 'class', setClass(['o1'], 2))
    expect(relabelled.now.boxes[0]?.class_id).toBe(2)
    expect(relabelled.now.boxes[0]?.provenance).toBe('human')
    expect(undo(relabelled).now).toBe(start.now)
    expect(redo(undo(relabelled)).now).toBe(relabelled.now)
  })
  it('leaves no step where nothing changed', () => {
    const start = opened(box('o1', [10, 10, 20, 20]))
    expect(commit(start, 'class', setClass(['o1'], 1))).toBe(start)
    expect(commit(start, 'resize', setBox('o1', [10, 10, 20, 20], image))).toBe(start)
    expect(commit(start, 'delete', removeBoxes(['o9']))).toBe(start)
    expect(undo(start)).toBe(start)
    expect(redo(start)).toBe(start)
  })
  it('forgets the future after a new change', () => {
    const start = opened(box('o1', [10, 10, 20, 20]))
    const other = commit(undo(commit(start, 'class', setClass(['o1'], 2))), 'class', setClass(['o1'], 3))
    expect(redo(other)).toBe(other)
  })
  it('undoes a held arrow key in one step', () => {
    let document = opened(box('o1', [10, 10, 20, 20]))
    for (let press = 0; press < 5; press += 1) {
      document = commit(document, 'move', moveBoxes(['o1'], 1, 0, image), 'nudge o1')
    }
    expect(document.now.boxes[0]?.box).toEqual([15, 10, 25, 20])
    expect(undo(document).now.boxes[0]?.box).toEqual([10, 10, 20, 20])
  })
  it('does not join a step made before with one made after a redo', () => {
    let document = commit(
      opened(box('o1', [10, 10, 20, 20])),
      'move',
      moveBoxes(['o1'], 1, 0, image),
      'nudge',
    )
    document = commit(redo(undo(document)), 'move', moveBoxes(['o1'], 1, 0, image), 'nudge')
    expect(undo(document).now.boxes[0]?.box).toEqual([11, 10, 21, 20])
  })
})

describe('changes', () => {
  it('clips a drawn box and gives it to a person', () => {
    expect(drawnBox('n1', 3, [-10, 20, 30, 10], image)).toMatchObject({
      box: [0, 10, 30, 20],
      class_id: 3,
      object_id: null,
      provenance: 'human',
    })
  })
  it('moves several boxes together as far as the first lets them', () => {
    const start = opened(box('o1', [0, 0, 10, 10]), box('o2', [80, 0, 95, 10]))
    const moved = commit(start, 'move', moveBoxes(['o1', 'o2'], 20, 5, image)).now
    expect(moved.boxes.map((one) => one.box)).toEqual([
      [5, 5, 15, 15],
      [85, 5, 100, 15],
    ])
  })
  it('pastes as new objects that can be seen', () => {
    const [copy] = pastedBoxes([box('o1', [90, 90, 100, 100])], 8, image, () => 'n1')
    expect(copy).toMatchObject({ id: 'n1', object_id: null, box: [90, 90, 100, 100], provenance: 'human' })
    const [other] = pastedBoxes([box('o1', [10, 10, 20, 20])], 8, image, () => 'n2')
    expect(other?.box).toEqual([18, 18, 28, 28])
  })
  it('replaces everything as one step that can be undone', () => {
    const start = opened(box('o1', [0, 0, 10, 10]))
    const taken = commit(start, 'take_theirs', replaceContent({ boxes: [], decisions: {} }))
    expect(taken.now.boxes).toEqual([])
    expect(undo(taken).now.boxes).toHaveLength(1)
  })
})

describe('sameContent and difference', () => {
  it('sees through the order and through noise under a hundredth of a pixel', () => {
    const a = { boxes: [box('o1', [0, 0, 10, 10]), box('o2', [5, 5, 9, 9])], decisions: {} }
    const b = { boxes: [box('o2', [5, 5, 9, 9.001]), box('o1', [0, 0, 10, 10])], decisions: {} }
    expect(sameContent(a, b)).toBe(true)
    expect(sameContent(a, { ...b, decisions: { 4: { verdict: 'rejected', boxId: null } } })).toBe(false)
  })
  it('counts what happened', () => {
    const then = {
      boxes: [box('o1', [0, 0, 10, 10]), box('o2', [5, 5, 9, 9]), box('o3', [1, 1, 2, 2])],
      decisions: {},
    }
    const now = {
      boxes: [box('o1', [0, 0, 10, 12]), box('o2', [5, 5, 9, 9], 4), box('n1', [1, 1, 2, 2])],
      decisions: {},
    }
    expect(difference(then, now)).toEqual({ added: 1, removed: 1, relabelled: 1, moved: 1 })
  })
  it('names only the verdicts that changed', () => {
    const then = {
      boxes: [],
      decisions: { 1: { verdict: 'accepted', boxId: null }, 2: { verdict: 'rejected', boxId: null } },
    } as const
    const now = {
      boxes: [],
      decisions: { 1: { verdict: 'accepted', boxId: null }, 3: { verdict: 'corrected', boxId: null } },
    } as const
    expect(changedVerdicts(then, now)).toEqual({ 2: 'pending', 3: 'corrected' })
  })
})

describe('addBoxes', () => {
  it('puts new boxes last, which is on top', () => {
    const document = commit(opened(box('o1', [0, 0, 10, 10])), 'draw', addBoxes([box('n1', [1, 1, 2, 2])]))
    expect(document.now.boxes.map((one) => one.id)).toEqual(['o1', 'n1'])
  })
})
