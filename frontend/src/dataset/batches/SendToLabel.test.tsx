import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { fill, show } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aBatch, alice, aPredictionSet, page } from '../../test/world'
import { SendToLabel } from './SendToLabel'

const search = {
  id: 5,
  dataset: 7,
  kind: 'mislabels' as const,
  params: { name: 'first look' },
  state: 'succeeded' as const,
  job: 1,
  source: { slice: null, q: '', revision: 4 },
  slices: [],
  report: {},
  suggestions: 12,
  created_at: '2026-03-01T12:00:00Z',
  created_by: alice,
  finished_at: null,
}

const offered = {
  'GET datasets/{dataset_id}/auto-curates': page(search, { ...search, id: 6, suggestions: 0 }),
  'GET datasets/{dataset_id}/prediction-sets': page(aPredictionSet()),
} as const

describe('SendToLabel', () => {
  it('sends a slice under a proposed name, then leads to the batch', async () => {
    const server = serve({ ...offered, 'POST batches': aBatch() })
    const { user } = await show(
      <SendToLabel dataset={7} images={40} source={{ slice: 21 }} name="rainy" close={() => {}} />,
    )
    expect(await screen.findByRole('dialog', { name: 'Send 40 images to Label' })).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>('Name of the batch').value).toBe('rainy')
    await user.click(screen.getByRole('button', { name: 'Send 40 images' }))
    expect(await screen.findByText('“Doubtful riders” has 3 tasks.')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Open the batch' }).getAttribute('href')).toBe('/batches/81')
    expect(server.only('POST batches').body).toEqual({ slice: 21, name: 'rainy', review: false })
  })

  it('sends along what is to be shown beside the labels, and whether a reviewer passes them', async () => {
    const server = serve({ ...offered, 'POST batches': aBatch() })
    const { user } = await show(
      <SendToLabel dataset={7} images={1} source={{ slice: 21 }} autoCurate={5} close={() => {}} />,
    )
    const suggestions = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Show suggestions of' })
    expect(suggestions.value).toBe('first look · 12 suggestions')
    await user.click(screen.getByRole('combobox', { name: 'Show predictions of' }))
    await user.click(await screen.findByRole('option', { name: 'night on test' }))
    await user.click(screen.getByRole('switch', { name: /reviewer/ }))
    fill(screen.getByLabelText('Name of the batch'), 'Doubtful')
    await user.click(screen.getByRole('button', { name: 'Send 1 image' }))
    await screen.findByText(/has 3 tasks/)
    expect(server.only('POST batches').body).toEqual({
      slice: 21,
      name: 'Doubtful',
      review: true,
      auto_curate: 5,
      prediction_set: 41,
    })
  })

  it('makes the slice of a selection once, also when the batch is refused at first', async () => {
    const server = serve({ ...offered, 'POST batches': () => refused(409, { detail: 'The name is taken.' }) })
    const makeSlice = vi.fn(async () => 33)
    const { user } = await show(
      <SendToLabel dataset={7} images={null} source={{ makeSlice }} close={() => {}} />,
    )
    await user.click(await screen.findByRole('button', { name: 'Send images' }))
    expect(await screen.findByText('The name is taken.')).toBeTruthy()
    server.answer({ 'POST batches': aBatch() })
    await user.click(screen.getByRole('button', { name: 'Send images' }))
    await screen.findByText('Sent to Label')
    expect(makeSlice).toHaveBeenCalledTimes(1)
    expect(server.sent('POST batches').map(({ body }) => body.slice)).toEqual([33, 33])
  })

  it('sends nothing without a name', async () => {
    serve(offered)
    const { user } = await show(<SendToLabel dataset={7} images={2} source={{ slice: 1 }} close={() => {}} />)
    const name = await screen.findByLabelText('Name of the batch')
    fill(name, ' ')
    await user.type(name, '{Enter}')
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Send 2 images' })).toHaveProperty('ariaDisabled', 'true'),
    )
  })
})
