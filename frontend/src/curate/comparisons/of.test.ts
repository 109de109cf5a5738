import { describe, expect, it } from 'vitest'
import type { Evaluation } from '../../api/types'
import { comparisonsAddress, moved, readOf, unlike } from './of'

describe('which are compared', () => {
  it('stands in the address, each once', () => {
    expect(readOf('3,5,8,5,x,,0')).toEqual([3, 5, 8])
    expect(readOf(3)).toEqual([3])
    expect(readOf(undefined)).toEqual([])
    expect(comparisonsAddress([3, 5])).toBe('/comparisons?of=3,5')
  })
  it('moves by one place, and not over the ends', () => {
    expect(moved([3, 5, 8], 8, -1)).toEqual([3, 8, 5])
    expect(moved([3, 5, 8], 3, 1)).toEqual([5, 3, 8])
    expect(moved([3, 5, 8], 3, -1)).toEqual([3, 5, 8])
    expect(moved([3, 5, 8], 9, 1)).toEqual([3, 5, 8])
  })
})

describe('which inputs differ', () => {
  const made = (id: number, part: Partial<Evaluation>) =>
    ({ id, revision: 4, iou: 0.5, on_training_images: 0, counts: { images: 10 }, ...part }) as Evaluation
  const ids = (rows: Evaluation[]) => rows.map(({ id }) => id)

  it('labels: a comparison knows, for another revision may have the same labels on these images', () => {
    const rows = [made(1, {}), made(2, { revision: 3 }), made(3, { revision: 5 }), made(4, { revision: 5 })]
    const found = unlike(
      rows,
      new Map([
        [2, { same_labels: true, images: 10 }],
        [3, { same_labels: false, images: 10 }],
      ]),
    )
    expect([found.revision, ids(found.onOtherLabels), ids(found.atOtherRevision)]).toEqual([5, [3], [4]])
  })
  it('images: by what a comparison says, else by their number', () => {
    const rows = [made(1, {}), made(2, {}), made(3, { counts: { images: 12 } as Evaluation['counts'] })]
    expect(ids(unlike(rows, new Map()).onOtherImages)).toEqual([3])
    const common = new Map([[2, { same_labels: true, images: 7 }]])
    expect(ids(unlike(rows, common).onOtherImages)).toEqual([2, 3])
  })
  it('IoU and training images', () => {
    const found = unlike([made(1, {}), made(2, { iou: 0.75 }), made(3, { on_training_images: 5 })], new Map())
    expect([ids(found.atOtherIou), ids(found.onTrainingImages)]).toEqual([[2], [3]])
  })
  it('nothing of nothing', () => {
    expect(unlike([], new Map())).toMatchObject({ revision: 0, onOtherLabels: [], onOtherImages: [] })
  })
})
