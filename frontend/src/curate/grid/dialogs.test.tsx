import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Revision } from '../../api/types'
import { fill, show } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aJob, alice, aSlice, ground, page } from '../../test/world'
import { AutoCurateSelection } from './AutoCurateSelection'
import type { Chosen } from './bulk'
import { ChangeSlice } from './ChangeSlice'
import { DeleteObjects } from './DeleteObjects'
import type { DialogProps } from './dialogProps'
import { ExportSelection } from './ExportSelection'
import { MakeSlice } from './MakeSlice'
import { Relabel } from './Relabel'
import { RemoveImages } from './RemoveImages'
import { TagImages } from './TagImages'

const BULK = 'datasets/{dataset_id}/bulk'
const list = { dataset: 7, q: 'fog', order: 'id', evaluation: null, predictionSet: null }

function selection(part: Partial<DialogProps> = {}, what: Chosen = { ids: [101, 102] }) {
  const [clear, close] = [vi.fn(), vi.fn()]
  const base: DialogProps = {
    kind: 'images',
    list,
    byQuery: false,
    what: () => what,
    chosen: 2,
    clear,
    close,
  }
  return { ...base, ...part }
}

const revision = (number: number, counts = { added: 0, changed: 2, removed: 0 }): Revision => ({
  id: number,
  dataset: 7,
  number,
  kind: 'edit',
  message: '',
  author: alice,
  created_at: '2026-03-01T12:00:00Z',
  counts,
})

describe('MakeSlice', () => {
  const route = `POST ${BULK}/make-slice` as const

  it('makes a slice of what was chosen by hand and leads to it', async () => {
    const server = serve({ [route]: aSlice({ id: 30, name: 'odd', image_count: 2 }) })
    const { user } = await show(<MakeSlice {...selection()} />)
    fill(await screen.findByLabelText('Name'), ' odd ')
    fill(screen.getByLabelText('What it is for'), 'To look at')
    await user.click(screen.getByRole('button', { name: 'Make slice' }))
    expect(await screen.findByText('“odd” holds 2 images.')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Open the slice' }).getAttribute('href')).toBe(
      '/datasets/7/slices/30',
    )
    expect(server.only(route).body).toEqual({
      chosen: { ids: [101, 102] },
      name: 'odd',
      description: 'To look at',
      origin: { kind: 'hand' },
    })
  })

  it('says that it was made by the query where all that match were taken, and by hand where some were left out', async () => {
    const server = serve({ [route]: aSlice() })
    const all = { q: 'fog', evaluation: null, without: [] as number[] }
    const { user, unmount } = await show(<MakeSlice {...selection({ byQuery: true }, all)} />)
    fill(await screen.findByLabelText('Name'), 'fog')
    await user.click(screen.getByRole('button', { name: 'Make slice' }))
    await screen.findByText('Slice made')
    unmount()
    const but = await show(<MakeSlice {...selection({ byQuery: true }, { ...all, without: [103] })} />)
    fill(await screen.findByLabelText('Name'), 'fog')
    await but.user.click(screen.getByRole('button', { name: 'Make slice' }))
    await screen.findByText('Slice made')
    expect(server.sent(route).map(({ body }) => body.origin)).toEqual([
      { kind: 'query', q: 'fog' },
      { kind: 'hand', q: 'fog' },
    ])
  })
})

describe('ChangeSlice', () => {
  const route = `POST ${BULK}/change-slice` as const

  it('adds to a slice, and takes back only what it has added', async () => {
    const answer = { slice: { id: 21, name: 'rainy', image_count: 41 }, changed: [102] }
    const server = serve({ ...ground(), [route]: answer })
    const props = selection()
    const { user } = await show(<ChangeSlice remove={false} {...props} />)
    await user.click(await screen.findByRole('combobox', { name: 'Slice' }))
    await user.click(await screen.findByRole('option', { name: 'rainy · 40' }))
    await user.click(screen.getByRole('button', { name: 'Add' }))
    expect(await screen.findByText('1 image added to “rainy”.')).toBeTruthy()
    expect(props.close).toHaveBeenCalled()
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() =>
      expect(server.sent(route).map(({ body }) => body)).toEqual([
        { chosen: { ids: [101, 102] }, slice: 21, remove: false },
        { chosen: { ids: [102] }, slice: 21, remove: true },
      ]),
    )
  })

  it('says that there is no slice yet', async () => {
    serve({ ...ground(), 'GET datasets/{dataset_id}/slices': page() })
    await show(<ChangeSlice remove {...selection()} />)
    expect(await screen.findByText('There is no slice yet. Make one from the selection.')).toBeTruthy()
  })
})

describe('TagImages', () => {
  it('hangs a new word on the images, or takes one off', async () => {
    const route = `POST ${BULK}/tag` as const
    const server = serve({
      'GET datasets/{dataset_id}/tags': [{ id: 1, name: 'blurred', images: 3 }],
      [route]: { tag: { id: 1, name: 'blurred' }, changed: [101, 102] },
    })
    const { user } = await show(<TagImages {...selection()} />)
    await user.click(await screen.findByRole('radio', { name: 'Take off' }))
    fill(screen.getByLabelText('Tag', { selector: 'input' }), 'blurred')
    await user.click(screen.getByRole('button', { name: 'Take off' }))
    expect(await screen.findByText('“blurred” taken off 2 images.')).toBeTruthy()
    expect(server.only(route).body).toEqual({ chosen: { ids: [101, 102] }, name: 'blurred', remove: true })
  })
})

describe('Relabel', () => {
  it('gives objects another class on the revision that one sees, and offers to take it back', async () => {
    const route = `POST ${BULK}/relabel` as const
    const server = serve({
      ...ground(),
      [route]: revision(5),
      'POST datasets/{dataset_id}/revert': revision(6),
    })
    const props = selection({ kind: 'objects' }, { objects: true, ids: [5, 6] })
    const { user } = await show(<Relabel {...props} />)
    expect(await screen.findByRole('dialog', { name: 'Relabel 2 objects' })).toBeTruthy()
    await user.click(screen.getByRole('combobox', { name: 'Class' }))
    await user.click(await screen.findByRole('option', { name: 'rider' }))
    await user.click(screen.getByRole('button', { name: 'Relabel' }))
    expect(await screen.findByText('2 objects are now rider, as revision 5.')).toBeTruthy()
    expect(props.clear).toHaveBeenCalled()
    expect(server.only(route).body).toEqual({ chosen: { objects: true, ids: [5, 6] }, class_id: 12, on: 4 })
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('Back to revision 4, as revision 6.')).toBeTruthy()
    expect(server.only('POST datasets/{dataset_id}/revert').body).toEqual({ to: 4, on: 5 })
  })

  it('keeps the selection where somebody else was faster', async () => {
    const route = `POST ${BULK}/relabel` as const
    serve({ ...ground(), [route]: () => refused(409, { detail: 'The labels have changed.' }) })
    const props = selection({ kind: 'objects' })
    const { user } = await show(<Relabel {...props} />)
    await user.click(await screen.findByRole('combobox', { name: 'Class' }))
    await user.click(await screen.findByRole('option', { name: 'car' }))
    await user.click(screen.getByRole('button', { name: 'Relabel' }))
    expect(await screen.findByText('The labels have changed.')).toBeTruthy()
    expect(props.clear).not.toHaveBeenCalled()
    expect(props.close).not.toHaveBeenCalled()
  })
})

describe('DeleteObjects', () => {
  it('deletes labels as one revision', async () => {
    const route = `POST ${BULK}/delete` as const
    const server = serve({ ...ground(), [route]: revision(5, { added: 0, changed: 0, removed: 2 }) })
    const { user, queries } = await show(
      <DeleteObjects {...selection({ kind: 'objects' }, { objects: true, ids: [5] })} />,
    )
    await waitFor(() => expect(queries.getQueryData(['datasets', 7])).toBeTruthy())
    await user.click(await screen.findByRole('button', { name: 'Delete' }))
    expect(await screen.findByText('2 objects deleted, as revision 5.')).toBeTruthy()
    expect(server.only(route).body).toEqual({ chosen: { objects: true, ids: [5] }, on: 4 })
  })
})

describe('RemoveImages', () => {
  it('asks twice before images leave for good', async () => {
    const route = `POST ${BULK}/remove` as const
    const server = serve({ [route]: { images: 2, boxes: 9 } })
    const props = selection()
    const { user } = await show(<RemoveImages {...props} />)
    const remove = await screen.findByRole('button', { name: 'Remove' })
    expect(remove).toHaveProperty('ariaDisabled', 'true')
    await user.click(screen.getByRole('checkbox', { name: 'Yes, remove 2 images for good' }))
    await user.click(remove)
    expect(await screen.findByText('2 images removed.')).toBeTruthy()
    expect(server.only(route).body).toEqual({ chosen: { ids: [101, 102] } })
  })
})

describe('ExportSelection', () => {
  const offered = { ...ground(), 'GET datasets/{dataset_id}/prediction-sets': page() }

  it('exports by the query where all that match are meant', async () => {
    const server = serve({ ...offered, 'POST datasets/{dataset_id}/exports': () => refused(400) })
    const { user } = await show(
      <ExportSelection {...selection({ byQuery: true }, { q: 'fog', without: [] })} />,
    )
    await user.click(await screen.findByRole('button', { name: 'Export' }))
    await screen.findByRole('alert')
    expect(server.only('POST datasets/{dataset_id}/exports').body).toMatchObject({ q: 'fog' })
  })

  it('exports image by image where some of them are left out', async () => {
    const server = serve({
      ...offered,
      'GET datasets/{dataset_id}/image-ids': { ids: [101, 102, 103] },
      'POST datasets/{dataset_id}/exports': () => refused(400),
    })
    const { user } = await show(
      <ExportSelection {...selection({ byQuery: true }, { q: 'fog', without: [102] })} />,
    )
    await user.click(await screen.findByRole('button', { name: 'Export' }))
    await screen.findByRole('alert')
    expect(server.only('POST datasets/{dataset_id}/exports').body).toMatchObject({ images: [101, 103] })
  })
})

describe('AutoCurateSelection', () => {
  const route = 'POST datasets/{dataset_id}/auto-curate'
  const started = async (given: Partial<DialogProps>, what: Chosen) => {
    const server = serve({
      ...ground(),
      'GET datasets/{dataset_id}/runs': page() as never,
      [route]: aJob({ id: 51, link: '/curate/7/auto/6' }) as never,
    })
    const { user, address } = await show(
      <AutoCurateSelection auto="rare_classes" {...selection(given, what)} />,
    )
    await user.click(await screen.findByRole('button', { name: 'Find images' }))
    await waitFor(() => expect(address()).toBe('/curate/7/auto/6'))
    return server.only(route).body
  }

  it('looks among all that match by the query line', async () => {
    const all = { q: 'fog', evaluation: null, without: [] }
    expect(await started({ byQuery: true }, all)).toMatchObject({ kind: 'rare_classes', q: 'fog' })
  })

  it('looks among what was chosen by hand by its ids', async () => {
    expect(await started({}, { ids: [101, 102] })).toMatchObject({ q: 'id in (101, 102)' })
  })
})
