import { describe, expect, it } from 'vitest'
import type { LabelBox, Suggestion, SuggestionKind } from './content'
import { addBoxes, commit, drawnBox, openDocument, removeBoxes, setBox, setClass, undo } from './document'
import { accept, reject, reopen, verdictOf } from './suggestions'

const image = { width: 100, height: 100 }
const object: LabelBox = {
  id: 'o7',
  object_id: 7,
  class_id: 1,
  box: [10, 10, 30, 30],
  attributes: {},
  ignore: 'no',
  provenance: 'imported',
}

function suggestion(kind: SuggestionKind, part: Partial<Suggestion> = {}): Suggestion {
  const given = { class_id: 1, box: object.box }
  return {
    id: 5,
    object_id: 7,
    kind,
    score: 0.9,
    reason: 'because',
    reason_code: '',
    reason_params: {},
    given,
    proposed: null,
    ...part,
  }
}

const wrongClass = suggestion('wrong_class', { proposed: { class_id: 2, box: [11, 11, 30, 30] } })
const missing = suggestion('missing', {
  object_id: null,
  given: null,
  proposed: { class_id: 3, box: [50, 50, 80, 80] },
})
const spurious = suggestion('spurious')
const badlyDrawn = suggestion('badly_drawn', { proposed: { class_id: 1, box: [10, 10, 40, 40] } })

const opened = (one: Suggestion) => openDocument(image, { boxes: [object], decisions: {} }, [one])
const accepted = (one: Suggestion) =>
  commit(
    opened(one),
    'accept',
    accept(one, image, () => 'n1'),
  )

describe('accept', () => {
  it('changes only the class of a wrong class', () => {
    expect(accepted(wrongClass).now.boxes).toEqual([{ ...object, class_id: 2, provenance: 'model' }])
  })
  it('changes only the outline of a bad outline', () => {
    expect(accepted(badlyDrawn).now.boxes).toEqual([
      { ...object, box: [10, 10, 40, 40], provenance: 'model' },
    ])
  })
  it('adds what is missing', () => {
    expect(accepted(missing).now.boxes[1]).toMatchObject({
      id: 'n1',
      class_id: 3,
      object_id: null,
      provenance: 'model',
    })
  })
  it('takes what is spurious away', () => {
    expect(accepted(spurious).now.boxes).toEqual([])
  })
  it('is undone together with its box', () => {
    const undone = undo(accepted(spurious))
    expect(undone.now.boxes).toEqual([object])
    expect(verdictOf(undone.now, spurious)).toBe('pending')
  })
  it('records the verdict even where the object is gone', () => {
    const gone = commit(opened(wrongClass), 'delete', removeBoxes(['o7']))
    expect(verdictOf(gone.now, wrongClass)).toBe('corrected')
    expect(
      verdictOf(
        commit(
          gone,
          'accept',
          accept(wrongClass, image, () => 'n1'),
        ).now,
        wrongClass,
      ),
    ).toBe('accepted')
  })
  it('does nothing twice', () => {
    const once = accepted(missing)
    expect(
      commit(
        once,
        'accept',
        accept(missing, image, () => 'n2'),
      ),
    ).toBe(once)
  })
})

describe('reject and reopen', () => {
  it('leave the boxes', () => {
    const rejected = commit(opened(spurious), 'reject', reject(spurious))
    expect(rejected.now.boxes).toEqual([object])
    expect(verdictOf(rejected.now, spurious)).toBe('rejected')
    expect(verdictOf(commit(rejected, 'reopen', reopen(spurious)).now, spurious)).toBe('pending')
  })
})

describe('an edit by hand', () => {
  it('to the proposed class accepts', () => {
    const edited = commit(opened(wrongClass), 'class', setClass(['o7'], 2))
    expect(verdictOf(edited.now, wrongClass)).toBe('accepted')
  })
  it('to another class corrects', () => {
    const edited = commit(opened(wrongClass), 'class', setClass(['o7'], 9))
    expect(verdictOf(edited.now, wrongClass)).toBe('corrected')
  })
  it('of an edge says nothing about a doubted class', () => {
    const edited = commit(opened(wrongClass), 'resize', setBox('o7', [10, 10, 50, 50], image))
    expect(verdictOf(edited.now, wrongClass)).toBe('pending')
  })
  it('of an accepted box makes it corrected', () => {
    const edited = commit(accepted(missing), 'resize', setBox('n1', [50, 50, 60, 60], image))
    expect(verdictOf(edited.now, missing)).toBe('corrected')
  })
  it('that deletes a spurious box accepts', () => {
    expect(verdictOf(commit(opened(spurious), 'delete', removeBoxes(['o7'])).now, spurious)).toBe('accepted')
  })
  it('that draws where something was missing answers', () => {
    const close = commit(opened(missing), 'draw', addBoxes([drawnBox('n9', 3, [50, 50, 80, 79], image)]))
    expect(verdictOf(close.now, missing)).toBe('accepted')
    const other = commit(opened(missing), 'draw', addBoxes([drawnBox('n9', 4, [50, 50, 80, 70], image)]))
    expect(verdictOf(other.now, missing)).toBe('corrected')
    const elsewhere = commit(opened(missing), 'draw', addBoxes([drawnBox('n9', 3, [0, 0, 20, 20], image)]))
    expect(verdictOf(elsewhere.now, missing)).toBe('pending')
  })
  it('never overrules a rejection', () => {
    const rejected = commit(opened(wrongClass), 'reject', reject(wrongClass))
    expect(verdictOf(commit(rejected, 'class', setClass(['o7'], 2)).now, wrongClass)).toBe('rejected')
  })
  it('is undone together with the verdict that it gave', () => {
    const edited = commit(opened(wrongClass), 'class', setClass(['o7'], 2))
    expect(verdictOf(undo(edited).now, wrongClass)).toBe('pending')
  })
})
