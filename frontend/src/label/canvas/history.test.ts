import { describe, expect, it } from 'vitest'
import type { LabelBox } from './content'
import { commit, moveBoxes, openDocument, removeBoxes, setClass, undo } from './document'
import { packed, printOf, unpacked } from './history'

const image = { width: 1000, height: 1000 }
function box(id: string, x: number): LabelBox {
  const place = { box: [x, 0, x + 8, 8] as const, attributes: {}, ignore: 'no' as const }
  return { id, object_id: null, class_id: 1, provenance: 'imported', ...place }
}
const begun = () =>
  openDocument(image, { boxes: [box('a', 0), box('b', 20), box('c', 40)], decisions: {} }, [])

/** As it comes back from storage. */
const again = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('a kept history', () => {
  it('undoes and does again what was done before the reload', () => {
    let document = commit(begun(), 'delete', removeBoxes(['b']))
    document = commit(document, 'move', moveBoxes(['c'], 5, 0, image))
    document = undo(commit(document, 'class', setClass(['a'], 7)))
    const kept = again(packed(document.now, document))
    const reopened = openDocument(image, again(document.now), [], unpacked(document.now, kept))
    expect(undo(undo(reopened)).now).toEqual(begun().now)
    expect(undo(reopened).now.boxes.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(reopened.future.at(-1)?.before.boxes[0]?.class_id).toBe(7)
  })
  it('keeps what differs, not every box at every step', () => {
    const boxes = Array.from({ length: 5_000 }, (_, k) => box(`b${k}`, k % 900))
    let document = openDocument(image, { boxes, decisions: {} })
    for (let step = 0; step < 20; step += 1) {
      document = commit(document, 'move', moveBoxes([`b${step}`], 1, 0, image))
    }
    const kept = packed(document.now, document)
    expect(kept.past).toHaveLength(20)
    expect(JSON.stringify(kept).length).toBeLessThan(6_000)
  })
  it('lets go of the oldest steps where there are too many or they are too large', () => {
    const boxes = Array.from({ length: 2_000 }, (_, k) => box(`b${k}`, k % 900))
    let document = openDocument(image, { boxes, decisions: {} })
    const ids = boxes.map(({ id }) => id)
    document = commit(document, 'class', setClass(ids, 2))
    for (let step = 0; step < 120; step += 1) document = commit(document, 'class', setClass(['b1'], step + 3))
    expect(packed(document.now, document).past).toHaveLength(100)
    const large = commit(openDocument(image, { boxes, decisions: {} }), 'class', setClass(ids, 2))
    expect(packed(large.now, large).past).toEqual([])
  })
})

describe('printOf', () => {
  const content = begun().now
  it('is the same for what the server gives back: float32, in another order', () => {
    const exact = {
      ...content,
      boxes: content.boxes.map((one) => ({ ...one, box: [0.1, 0, 8, 8] as const })),
    }
    const stored = { ...content, boxes: [...exact.boxes].reverse() }
    const rounded = {
      ...stored,
      boxes: stored.boxes.map((one) => ({ ...one, box: [Math.fround(0.1), 0, 8, 8] as const })),
    }
    expect(printOf(rounded)).toBe(printOf(exact))
  })
  it('differs for another class, place, box or verdict', () => {
    const others = [
      setClass(['a'], 2)(content),
      moveBoxes(['a'], 1, 0, image)(content),
      removeBoxes(['c'])(content),
      { ...content, decisions: { 4: { verdict: 'rejected' as const, boxId: null } } },
    ]
    expect(new Set([content, ...others].map(printOf)).size).toBe(5)
  })
})
