import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, visit } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { aSlice, ground, page } from '../../test/world'

const two = page(aSlice(), aSlice({ id: 22, name: 'night', image_count: 60, origin: { kind: 'hand' } }))

async function open(answers: Answers = {}) {
  const server = serve({ ...ground(), 'GET datasets/{dataset_id}/slices': two, ...answers })
  const drawn = await visit('/datasets/7/slices')
  await screen.findByRole('row', { name: /rainy/ })
  const tick = (name: string) => drawn.user.click(screen.getByRole('checkbox', { name: `Choose ${name}` }))
  return { server, tick, ...drawn }
}

describe('SlicesPage', () => {
  it('says how large each is, and of which part of the dataset', async () => {
    await open()
    const row = within(screen.getByRole('row', { name: /night/ }))
    expect(row.getByText('60')).toBeTruthy()
    expect(await row.findByText(/^50/)).toBeTruthy()
  })

  it('compares two that are chosen, in that order', async () => {
    const { tick } = await open()
    await tick('night')
    expect(screen.getByText('Choose another one to combine or compare them.')).toBeTruthy()
    await tick('rainy')
    const bar = within(screen.getByRole('toolbar', { name: '2 slices chosen' }))
    expect(bar.getByRole('link', { name: 'Compare' }).getAttribute('href')).toBe(
      '/datasets/7/slices/compare?a=22&b=21',
    )
  })

  it('takes one away from the other', async () => {
    const POST = 'POST datasets/{dataset_id}/slices'
    const { server, user, tick } = await open({ [POST]: () => new Promise<never>(() => {}) })
    await tick('night')
    await tick('rainy')
    await user.click(screen.getByRole('button', { name: 'Subtract' }))
    const name = await screen.findByLabelText('Name')
    fill(name, 'dry nights')
    await user.type(name, '{Enter}')
    await waitFor(() => expect(server.only(POST).body).toEqual({ name: 'dry nights', subtract: [22, 21] }))
  })

  it('opens the dialog by a key', async () => {
    await open()
    await screen.findByRole('button', { name: 'New slice' })
    fireEvent.keyDown(document.body, { key: 'n' })
    expect(await screen.findByRole('dialog', { name: 'New slice' })).toBeTruthy()
  })

  it('lets viewers look only, by the key as well', async () => {
    await open(ground('viewer'))
    fireEvent.keyDown(document.body, { key: 'n' })
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.queryByRole('button', { name: 'New slice' })).toBeNull()
  })
})
