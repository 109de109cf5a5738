import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { visit } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { aJob, aSlice, ground, noLeaks, page } from '../../test/world'
import { freeName } from './names'

const image = (id: number, key: string) => ({
  id,
  key,
  thumb: `/thumb/${id}`,
  width: 640,
  height: 480,
  boxes: id,
  kept: id === 1,
})
const found = {
  groups: 1,
  images: 3,
  exact_copies: 2,
  searched: null,
  job: null,
  items: [
    { id: 1, count: 3, images: [image(1, 'a/one.jpg'), image(2, 'b/two.jpg'), image(3, 'c/three.jpg')] },
  ],
  next: null,
}
const LIST = 'GET datasets/{dataset_id}/duplicates'
const KEEP = 'POST datasets/{dataset_id}/duplicates/keep-one'
const nothing = { ...found, groups: 0, images: 0, exact_copies: 0, items: [] }

async function open(at: string, answers: Answers = {}, role?: 'viewer') {
  const server = serve({
    ...ground(role),
    'GET datasets/{dataset_id}/slices': page(
      aSlice({ id: 21, name: 'duplicates' }),
      aSlice({ id: 22, name: 'test' }),
    ),
    [LIST]: found,
    ...answers,
  })
  return { server, ...(await visit(at)) }
}

describe('DuplicatesPage', () => {
  it('keeps one of each by one key, in every slice, and takes it back', async () => {
    const undo = 'POST datasets/{dataset_id}/duplicates/keep-one/undo'
    const train = { id: 22, name: 'test', image_count: 38 }
    const { server, user } = await open('/curate/7/duplicates', {
      [KEEP]: {
        slice: aSlice({ id: 30, name: 'duplicates 2', image_count: 2 }),
        changed: [{ slice: train, taken_out: [2, 3], put_in: [1] }],
      },
      [undo]: undefined,
    })
    expect(await screen.findByText(/^1 group of 3 images\./)).toBeTruthy()
    expect(screen.getByRole('link', { name: /one.jpg/ }).getAttribute('href')).toBe('/datasets/7/images/1')
    await user.keyboard('k')
    const link = await screen.findByRole('link', { name: 'Open the slice' })
    expect(link.getAttribute('href')).toBe('/datasets/7/slices/30')
    const body = { likeness: 'exact', least_overlap: 0, name: 'duplicates 2', groups: null }
    expect(server.only(KEEP).body).toEqual(body)
    expect(screen.getByText(/^2 copies taken out of test\. 1 kept image took its place\./)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Remove 2 images' })).toHaveProperty('ariaDisabled', 'true')
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => server.only(undo))
    expect(server.only(undo).body).toEqual({
      slice: 30,
      changed: [{ slice: 22, taken_out: [2, 3], put_in: [1] }],
    })
  })

  it('asks once where another page sent one here to keep one of each', async () => {
    const { server, user } = await open('/curate/7/duplicates?keep=all', {
      [KEEP]: { slice: aSlice({ id: 30, image_count: 2 }), changed: [] },
    })
    await user.click(await screen.findByRole('button', { name: 'Keep one of each' }))
    await waitFor(() => server.only(KEEP))
  })

  it('says that pictures were not compared yet, and has them compared', async () => {
    const { server, user } = await open('/curate/7/duplicates?likeness=near', {
      [LIST]: nothing,
      'POST datasets/{dataset_id}/duplicates/search': aJob({ id: 51 }) as never,
    })
    await user.click(await screen.findByRole('button', { name: 'Compare all pictures' }))
    await waitFor(() => server.only('POST datasets/{dataset_id}/duplicates/search'))
  })

  it('offers nothing to a viewer', async () => {
    await open('/curate/7/duplicates', {}, 'viewer')
    await screen.findByText(/^1 group of 3 images\./)
    expect(screen.queryByRole('button', { name: /Keep/ })).toBeNull()
  })
})

describe('LeaksPage', () => {
  const pair = {
    validation: image(8, 'v.jpg'),
    training: image(9, 't.jpg'),
    relation: 'by_sight' as const,
    overlap: 0.56,
    pose: 'mirrored' as const,
  }
  const one = {
    ...noLeaks,
    images: 1,
    training_images: 1,
    pairs: 1,
    relations: [{ relation: 'by_sight' as const, images: 1 }],
    items: [pair],
  }

  it('shows pairs side by side, takes the copies out of training, and puts them back', async () => {
    const TAKE = 'POST datasets/{dataset_id}/leaks/take-out'
    const { server, user } = await open('/curate/7/leaks?train=21&validation=22', {
      'GET datasets/{dataset_id}/leaks': one,
      [TAKE]: { changed: [{ slice: { id: 21, name: 'duplicates', image_count: 39 }, images: [9] }] },
      'POST datasets/{dataset_id}/bulk/change-slice': {
        slice: { id: 21, name: 'duplicates', image_count: 40 },
        changed: [9],
      },
    })
    expect(await screen.findByText('1 of 10 validation images has a copy in training.')).toBeTruthy()
    expect(screen.getByText(/Shows the same · mirrored · 56.* in common/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Take 1 copy out of training' }))
    await user.click(await screen.findByRole('button', { name: 'Take them out' }))
    await waitFor(() => expect(server.only(TAKE).body).toEqual({ train: [21], validation: 22 }))
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() =>
      expect(server.only('POST datasets/{dataset_id}/bulk/change-slice').body).toEqual({
        chosen: { ids: [9] },
        slice: 21,
      }),
    )
  })

  it('asks for slices where none are named', async () => {
    await open('/curate/7/leaks')
    expect(await screen.findByRole('heading', { name: /Choose what is trained on/ })).toBeTruthy()
  })
})

describe('freeName', () => {
  it('counts on from the name', () => {
    expect(freeName('copies', [])).toBe('copies')
    expect(freeName('copies', ['copies', 'copies 2'])).toBe('copies 3')
  })
})
