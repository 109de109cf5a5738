import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { visit } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { alice, anImage, ground, page } from '../../test/world'

const image = (class_id: number) =>
  ({
    ...anImage(),
    dataset: 7,
    sha256: 'a'.repeat(64),
    phash: null,
    brightness: 0.3,
    contrast: 0.2,
    sharpness: 0.1,
    captured_at: null,
    latitude: null,
    longitude: null,
    annotations: [
      {
        id: 1,
        object_id: 5,
        class_id,
        box: [10, 20, 110, 80],
        attributes: {},
        provenance: 'human',
        born: 1,
        died: null,
      },
    ],
    slices: [],
    tags: [],
    revision: 4,
  }) as never

const step = (number: number) => ({
  revision: {
    id: 400 + number,
    dataset: 7,
    number,
    kind: 'edit',
    message: `Change ${number}`,
    author: alice,
    created_at: '2026-03-01T12:00:00Z',
    counts: { added: 0, changed: 1, removed: 0 },
  },
  changes: [
    {
      image: null,
      object_id: 5,
      change: 'relabelled',
      before: { class_id: 11, box: [10, 20, 110, 80] },
      after: { class_id: 12, box: [10, 20, 110, 80] },
    },
  ],
})

const IMAGES = 'GET datasets/{dataset_id}/images'
const base: Answers = {
  ...ground(),
  'GET images/{image_id}': ({ query }) => image(query.revision ? 11 : 12),
  'GET images/{image_id}/history': [step(4), step(2)] as never,
  'GET images/{image_id}/verdicts': [],
  'GET datasets/{dataset_id}/tags': [],
  'GET images/{image_id}/similar': { embedded: false, items: [] },
  [IMAGES]: ({ query }) => (query.q?.includes('id > 101') ? page(anImage({ id: 102 })) : page()) as never,
}

describe('ImagePage', () => {
  it('shows the labels now, and as they were at a revision', async () => {
    serve(base)
    const { user } = await visit('/datasets/7/images/101')
    const boxes = async () =>
      within((await screen.findByRole('heading', { name: /^Boxes/ })).closest('section')!)
    expect(await (await boxes()).findByText('rider')).toBeTruthy()
    const history = within(await screen.findByRole('region', { name: 'History of its labels' }))
    await user.click(history.getByRole('button', { name: /^Revision 2/ }))
    expect(await history.findByText('Labels as of revision 2')).toBeTruthy()
    expect(await (await boxes()).findByText('car')).toBeTruthy()
    await user.click(history.getByRole('button', { name: 'Show the present' }))
    expect(await (await boxes()).findByText('rider')).toBeTruthy()
  })

  it('goes to its neighbour in the list that it was opened from', async () => {
    const server = serve(base)
    const { address } = await visit('/datasets/7/images/101?q=fog')
    const next = await screen.findByRole('button', { name: 'Next image' })
    await waitFor(() => expect(next).toHaveProperty('ariaDisabled', null))
    expect(screen.getByRole('button', { name: 'Previous image' })).toHaveProperty('ariaDisabled', 'true')
    expect(server.sent(IMAGES).map(({ query }) => query.q)).toContain('(fog) and id > 101')
    fireEvent.keyDown(document.body, { key: 'ArrowRight' })
    await waitFor(() => expect(address()).toBe('/datasets/7/images/102?q=fog'))
  })
})
