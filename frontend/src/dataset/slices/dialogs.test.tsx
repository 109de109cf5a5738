import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { FrozenSlice } from '../../api/types'
import { fill, show } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aPredictionSet, aSlice, ground } from '../../test/world'
import { FreezeDialog, RestoreDialog } from './ManifestDialogs'
import { NewSliceDialog } from './NewSliceDialog'
import { ChangeSliceDialog, DeleteSliceDialog } from './SliceDialogs'

const slices = [aSlice(), aSlice({ id: 22, name: 'night' }), aSlice({ id: 23, name: 'fog' })]
const POST = 'POST datasets/{dataset_id}/slices'

describe('NewSliceDialog', () => {
  it('makes a slice of a query line and goes to it', async () => {
    const server = serve({ [POST]: aSlice({ id: 30 }) })
    const { user, address } = await show(<NewSliceDialog dataset={7} slices={slices} close={() => {}} />)
    fill(await screen.findByLabelText('Name'), 'wet')
    fill(screen.getByLabelText('Query line'), 'weather = "rainy"')
    await user.click(screen.getByRole('button', { name: 'Make the slice' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/slices/30'))
    expect(server.only(POST).body).toEqual({ name: 'wet', q: 'weather = "rainy"' })
  })

  it('says at the query line what is wrong with it, and only there', async () => {
    serve({ [POST]: () => refused(400, { detail: 'q: No such field.', errors: { q: ['No such field.'] } }) })
    const { user } = await show(<NewSliceDialog dataset={7} slices={slices} close={() => {}} />)
    fill(await screen.findByLabelText('Name'), 'wet')
    await user.click(screen.getByRole('button', { name: 'Make the slice' }))
    expect(await screen.findByText('No such field.')).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('makes one of two others, and of fewer than two none', async () => {
    const server = serve({ [POST]: aSlice({ id: 30 }) })
    const { user } = await show(
      <NewSliceDialog
        dataset={7}
        slices={slices}
        set={{ operation: 'subtract', slices: [21, 23] }}
        close={() => {}}
      />,
    )
    fill(await screen.findByLabelText('Name'), 'wet, no fog')
    expect(screen.getByText('Images of the first that are in none of the others.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Make the slice' }))
    await waitFor(() => expect(server.only(POST).body).toEqual({ name: 'wet, no fog', subtract: [21, 23] }))
  })

  it('offers other slices only where there are two', async () => {
    serve({})
    await show(<NewSliceDialog dataset={7} slices={[aSlice()]} close={() => {}} />)
    expect(await screen.findByRole('radio', { name: 'Other slices' })).toHaveProperty('disabled', true)
  })
})

describe('ChangeSliceDialog', () => {
  it('saves name and description without the space around them', async () => {
    const server = serve({ 'PATCH slices/{slice_id}': aSlice() })
    const close = vi.fn()
    const { user } = await show(<ChangeSliceDialog slice={aSlice()} close={close} />)
    fill(await screen.findByLabelText('Name'), ' wet ')
    fill(screen.getByLabelText('Description'), 'For the morning ')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(close).toHaveBeenCalled())
    expect(server.only('PATCH slices/{slice_id}').body).toEqual({
      name: 'wet',
      description: 'For the morning',
    })
  })
})

describe('DeleteSliceDialog', () => {
  it('asks, deletes and goes to the list', async () => {
    const server = serve({ 'DELETE slices/{slice_id}': undefined })
    const { user, address } = await show(<DeleteSliceDialog slice={aSlice()} opened close={() => {}} />)
    await user.click(await screen.findByRole('button', { name: 'Delete the slice' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/slices'))
    expect(server.only('DELETE slices/{slice_id}').params).toEqual({ slice_id: '21' })
  })
})

describe('FreezeDialog', () => {
  const route = 'POST slices/{slice_id}/manifests'

  it('freezes the labels of the newest revision where none is said', async () => {
    const server = serve({ ...ground(), [route]: () => aPredictionSet().manifest as never })
    const { user } = await show(<FreezeDialog slice={aSlice()} close={() => {}} />)
    expect(await screen.findByPlaceholderText('newest (4)')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Freeze' }))
    await waitFor(() => expect(server.only(route).body?.revision).toBeUndefined())
  })

  it('freezes those of the revision that is said', async () => {
    const server = serve({ ...ground(), [route]: () => aPredictionSet().manifest as never })
    const { user } = await show(<FreezeDialog slice={aSlice()} close={() => {}} />)
    fill(await screen.findByLabelText('Revision'), '2')
    await user.click(screen.getByRole('button', { name: 'Freeze' }))
    await waitFor(() => expect(server.only(route).body).toEqual({ revision: 2 }))
  })
})

describe('RestoreDialog', () => {
  it('makes a slice of what was frozen, named after it', async () => {
    const { manifest } = aPredictionSet()
    const server = serve({ [POST]: aSlice({ id: 31 }) })
    const frozen = { manifest } as FrozenSlice
    const { user, address } = await show(<RestoreDialog slice={aSlice()} frozen={frozen} close={() => {}} />)
    expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('rainy abc123')
    await user.click(screen.getByRole('button', { name: 'Make the slice' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/slices/31'))
    expect(server.only(POST).body).toEqual({ name: 'rainy abc123', manifest: 51 })
  })
})
