import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ImageDetail } from '../../api/types'
import { visit } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { anImage, ground, page } from '../../test/world'

const images = [101, 102, 103].map((id) => anImage({ id, key: `night/${id}.jpg` }))

const detail = {
  ...images[1]!,
  dataset: 7,
  sha256: 'a'.repeat(64),
  phash: null,
  brightness: 0.3,
  contrast: 0.2,
  sharpness: 0.1,
  captured_at: null,
  latitude: null,
  longitude: null,
  metadata: { weather: 'rainy' },
  annotations: [
    {
      id: 1,
      object_id: 5,
      class_id: 11,
      box: [0, 0, 9, 9],
      attributes: {},
      provenance: 'human',
      born: 1,
      died: null,
    },
  ],
  slices: [{ id: 21, name: 'rainy' }],
  tags: [{ id: 3, name: 'blurred' }],
  revision: 4,
} as unknown as ImageDetail

const base: Answers = {
  ...ground(),
  'GET datasets/{dataset_id}/images': page(...images) as never,
  'GET datasets/{dataset_id}/images/count': { count: 3 },
  'GET datasets/{dataset_id}/image-ids': { ids: [101, 102, 103] },
  'GET datasets/{dataset_id}/facets': {
    classes: [{ class_id: 11, images: 2, boxes: 9 }],
    metadata: [{ key: 'weather', values: [{ value: 'rainy', images: 2 }] }],
    slices: [],
    tags: [],
    label_states: [
      { label_state: 'not_labelled', images: 1 },
      { label_state: 'negative', images: 0 },
      { label_state: 'labelled', images: 2 },
    ],
  } as never,
  'GET datasets/{dataset_id}/facets/boxes': { sizes: [], provenances: [] },
  'GET datasets/{dataset_id}/evaluations': page() as never,
  'GET datasets/{dataset_id}/query/check': { ok: true, error: null },
  'GET images/{image_id}': detail as never,
}

/** jsdom lays nothing out, so the grid is told how large it is. */
beforeEach(() => {
  const contentRect = { width: 1000, height: 600 }
  vi.stubGlobal(
    'ResizeObserver',
    class {
      private readonly tell: (entries: object[]) => void
      constructor(tell: (entries: object[]) => void) {
        this.tell = tell
      }
      observe() {
        this.tell([{ contentRect }])
      }
      unobserve() {}
      disconnect() {}
    },
  )
  const height = vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  return () => height.mockRestore()
})

async function open(at = '/datasets/7', answers: Answers = {}) {
  const server = serve({ ...base, ...answers })
  const drawn = await visit(at)
  const grid = await screen.findByRole('listbox', { name: 'Images' })
  await within(grid).findByRole('option', { name: 'night/101.jpg' })
  const cell = (id: number) => within(grid).getByRole('option', { name: new RegExp(`^night/${id}.jpg`) })
  const press = (id: number, held = {}) => {
    fireEvent.pointerDown(cell(id), { button: 0, ...held })
    fireEvent.pointerUp(window)
  }
  const chosen = () =>
    within(grid)
      .queryAllByRole('option', { selected: true })
      .map((one) => one.querySelector('.hd-hidden')?.textContent)
  return { server, grid, cell, press, chosen, ...drawn }
}

describe('the selection of the grid', () => {
  it('takes one by a click, more with Ctrl, a row of them with Shift', async () => {
    const { press, chosen } = await open()
    press(101)
    expect(chosen()).toEqual(['night/101.jpg'])
    press(103, { ctrlKey: true })
    expect(chosen()).toEqual(['night/101.jpg', 'night/103.jpg'])
    press(101)
    press(103, { shiftKey: true })
    expect(chosen()).toHaveLength(3)
    expect(screen.getByRole('toolbar', { name: 'Selection' }).textContent).toContain('3 selected')
  })

  it('walks with the arrow keys, is remembered in the address, and lets go with Escape', async () => {
    const { grid, chosen, address } = await open()
    fireEvent.keyDown(grid, { key: 'ArrowRight' })
    fireEvent.keyDown(grid, { key: 'ArrowRight' })
    expect(chosen()).toEqual(['night/102.jpg'])
    await waitFor(() => expect(address()).toContain('image=102'))
    fireEvent.keyDown(grid, { key: 'Escape' })
    await waitFor(() => expect(chosen()).toEqual([]))
  })

  it('selects all that match by a key, and offers what can be done with them', async () => {
    const { grid, chosen } = await open()
    fireEvent.keyDown(grid, { key: 'x' })
    await waitFor(() => expect(chosen()).toHaveLength(3))
    const bar = within(screen.getByRole('toolbar', { name: 'Selection' }))
    expect(bar.getByRole('button', { name: 'Send 3 images to Label' })).toBeTruthy()
    expect(bar.getByRole('button', { name: 'Make slice' })).toBeTruthy()
  })

  it('offers a labeller only what changes nothing', async () => {
    const { press } = await open('/datasets/7', ground('labeller'))
    press(101)
    const bar = within(await screen.findByRole('toolbar', { name: 'Selection' }))
    expect(bar.getByRole('button', { name: 'Export' })).toBeTruthy()
    expect(bar.queryByRole('button', { name: /Label/ })).toBeNull()
  })

  it('opens an image by a double click, and comes back to it', async () => {
    const { cell, address } = await open('/datasets/7?q=fog', {
      'GET images/{image_id}': () => new Promise(() => {}),
      'GET images/{image_id}/history': [] as never,
      'GET images/{image_id}/verdicts': [],
      'GET images/{image_id}/similar': () => new Promise(() => {}),
    })
    fireEvent.doubleClick(cell(102))
    await waitFor(() => expect(address()).toMatch(/^\/datasets\/7\/images\/102\?q=fog/))
  })
})

describe('the inspector', () => {
  it('opens with the selection and says what is known of the image', async () => {
    const { press } = await open()
    press(102)
    const inspector = within(await screen.findByRole('complementary', { name: 'Inspector' }))
    expect(await inspector.findByText('1280 × 720')).toBeTruthy()
    expect(inspector.getByText('rainy', { selector: 'dd, dd *' })).toBeTruthy()
    expect(inspector.getByText('1 box')).toBeTruthy()
    expect(inspector.getByText('blurred')).toBeTruthy()
    expect(inspector.getByRole('link', { name: 'rainy' }).getAttribute('href')).toBe('/datasets/7/slices/21')
  })

  it('stays where several are selected and says how many', async () => {
    const { press } = await open()
    press(101)
    press(102, { ctrlKey: true })
    expect(await screen.findByText('2 images selected.')).toBeTruthy()
  })
})

describe('the facets', () => {
  it('ask for images that are not labelled', async () => {
    const { user, address } = await open()
    const facets = within(screen.getByRole('navigation', { name: 'Filters' }))
    await user.click(await facets.findByRole('button', { name: /^not labelled/ }))
    await waitFor(() =>
      expect(decodeURIComponent(address()).replaceAll('+', ' ')).toBe('/datasets/7?q=not labelled'),
    )
  })
  it('write a condition into the query line, and take it out again', async () => {
    const { server, user, address } = await open()
    const facets = within(screen.getByRole('navigation', { name: 'Filters' }))
    await user.click(await facets.findByRole('button', { name: /^car/ }))
    await waitFor(() => expect(decodeURIComponent(address())).toBe('/datasets/7?q=any(car)'))
    expect(server.sent('GET datasets/{dataset_id}/images').at(-1)?.query.q).toBe('any(car)')
    const pressed = await facets.findByRole('button', { name: /^car/, pressed: true })
    await user.click(pressed)
    await waitFor(() => expect(address()).toBe('/datasets/7'))
  })
})
