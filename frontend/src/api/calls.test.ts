import { describe, expectTypeOf, it } from 'vitest'
import { address, del, get, patch, post, put } from './client'
import type { Box, Dataset, ImageRow, Job, Slice } from './types'
import { sendBytes, upload } from './upload'

/**
 * What must not compile. `tsc` (`npm run check`) is the test: it fails where a line below `@ts-expect-error` compiles.
 * Nothing here is run.
 */
const written = (_calls: (id: number) => unknown) => undefined

describe('a path', () => {
  it('is one of the API', () => {
    written((id) => get(`datasets/${id}`, {}))
    // @ts-expect-error no such path
    written((id) => get(`datasets/${id}/pictures`, {}))
    // @ts-expect-error nothing there takes a POST
    written((id) => post(`datasets/${id}`, {}))
    // @ts-expect-error nothing there takes a DELETE
    written((id) => del(`projects/${id}`))
    // @ts-expect-error not with the root
    written((id) => get(`/api/v1/datasets/${id}`, {}))
  })

  it('has its parameters, which are numbers', () => {
    // @ts-expect-error without
    written(() => get('datasets//images', {}))
    // @ts-expect-error too few
    written(() => get('datasets/images', {}))
    // @ts-expect-error a word
    written(() => get(`datasets/${'all'}/images`, {}))
    // @ts-expect-error perhaps nothing
    written((id) => get(`datasets/${id > 0 ? id : undefined}/images`, {}))
    // @ts-expect-error a text that may be anything
    written((id) => get(`datasets/${String(id)}/images`, {}))
  })
})

describe('a query', () => {
  it('has parameters of the operation only', () => {
    written((id) =>
      get(`datasets/${id}/images`, { q: 'width > 9', boxes: true, after: null, slice: undefined }),
    )
    // @ts-expect-error no such parameter
    written((id) => get(`datasets/${id}/images`, { query: 'width > 9' }))
    // @ts-expect-error of another type
    written((id) => get(`datasets/${id}/images`, { slice: 'night' }))
    // @ts-expect-error not one of its words
    written((id) => get(`datasets/${id}/images`, { order: 'size' }))
    // @ts-expect-error takes none
    written((id) => get(`datasets/${id}`, { q: '' }))
  })

  it('is looked at also where it is not written out on the spot', () => {
    const asked = { q: 'width > 9', folder: 'night' }
    // @ts-expect-error `folder`
    written((id) => get(`datasets/${id}/images`, asked))
    // @ts-expect-error `folder`
    written((id) => get(`datasets/${id}/images`, { ...asked, limit: 9 }))
    const open: Record<string, string> = {}
    // @ts-expect-error may hold anything
    written((id) => get(`datasets/${id}/images`, { ...open }))
  })

  it('has what the operation requires', () => {
    written((id) => get(`slices/${id}/diff`, { other: id }))
    // @ts-expect-error `other`
    written((id) => get(`slices/${id}/diff`, {}))
    // @ts-expect-error `other` cannot be left out by null
    written((id) => get(`slices/${id}/diff`, { other: null }))
  })

  it('is the same in an address', () => {
    written((id) => address(`images/${id}/thumbnail`, { size: 320 }))
    // @ts-expect-error no such size
    written((id) => address(`images/${id}/thumbnail`, { size: 100 }))
  })
})

describe('a body', () => {
  it('has the fields of the operation', () => {
    written((id) => post('batches', { name: 'night', slice: id }))
    // @ts-expect-error `name`
    written((id) => post('batches', { slice: id }))
    // @ts-expect-error no such field
    written((id) => post('batches', { name: 'night', slices: [id] }))
    // @ts-expect-error of another type
    written((id) => patch(`slices/${id}`, { name: id }))
    const batch = { name: 'night', reviewer: 3 }
    // @ts-expect-error no such field, from a variable
    written(() => post('batches', batch))
    // @ts-expect-error nothing is sent
    written(() => post('batches'))
    // @ts-expect-error takes nothing
    written((id) => post(`runs/${id}/cancel`, { force: true }))
  })

  it('may be read-only', () => {
    const images: readonly number[] = [1, 2]
    written(() => post('batches', { name: 'night', images }))
  })

  it('goes with the headers that the operation requires', () => {
    written((id) => put(`tasks/${id}`, { boxes: [] }, { 'If-Match': '"3"' }))
    // @ts-expect-error which version was seen
    written((id) => put(`tasks/${id}`, { boxes: [] }, {}))
  })

  it('may be a form or bytes where the operation takes them', () => {
    const file = new Blob()
    written((id) => upload(`datasets/${id}/prediction-sets`, { file, slice: id }))
    // @ts-expect-error no such field
    written((id) => upload(`datasets/${id}/prediction-sets`, { file, slices: [id] }))
    // @ts-expect-error `file`
    written((id) => upload(`datasets/${id}/prediction-sets`, {}))
    // @ts-expect-error takes JSON
    written((id) => sendBytes(`tasks/${id}`, file, { query: {}, headers: { 'If-Match': '"3"' } }))
  })
})

describe('an answer', () => {
  it('is what the operation answers', () => {
    expectTypeOf(get<`datasets/${number}`, object>).returns.resolves.toEqualTypeOf<Dataset>()
    expectTypeOf(post<`runs/${number}/cancel`, undefined>).returns.resolves.toHaveProperty('class_mapping')
    expectTypeOf(del<`slices/${number}`>).returns.resolves.toEqualTypeOf<undefined>()
    expectTypeOf(get<`datasets/${number}/slices`, object>).returns.resolves.toEqualTypeOf<{
      items: Slice[]
      next: string | null
    }>()
  })

  it('is each of several', () => {
    expectTypeOf(post<`evaluations/${number}/report`, undefined>).returns.resolves.toExtend<Job | undefined>()
  })

  it('has no other fields', () => {
    // @ts-expect-error no such field
    written(async (id) => (await get(`datasets/${id}`, {})).title)
    // @ts-expect-error no list but a page
    written(async (id) => (await get(`datasets/${id}/images`, {})).length)
  })

  it('tells what may be missing, and how long a box is', () => {
    expectTypeOf<ImageRow['boxes']>().extract<undefined>().toEqualTypeOf<undefined>()
    expectTypeOf<Box>().toEqualTypeOf<[number, number, number, number]>()
  })
})
