import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, Suggestion } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { ground, page } from '../../test/world'
import { Suggestions } from './Suggestions'

const suggestion = (id: number, part: Partial<Suggestion> = {}): Suggestion => ({
  id,
  auto_curate: 6,
  image: { id: 100 + id, key: `night/${id}.jpg`, thumb: '/t?size=320', width: 1280, height: 720 },
  object_id: id,
  kind: 'wrong_class',
  score: 0.9,
  parts: {},
  reason: `Reason ${id}.`,
  reason_code: 'wrong_class',
  reason_params: {},
  given: { class_id: 11, box: [10, 20, 110, 80] },
  proposed: { class_id: 12, box: [10, 20, 110, 80] },
  verdict: 'pending',
  decided_by: null,
  decided_at: null,
  ...part,
})

const VERDICTS = 'POST suggestions/verdicts'
const run = { id: 6, dataset: 7 } as AutoCurateDetail

async function open() {
  const server = serve({
    ...ground(),
    'GET auto-curates/{auto_curate_id}/suggestions': page(suggestion(1), suggestion(2)) as never,
    'GET auto-curates/{auto_curate_id}': () => new Promise(() => {}),
    [VERDICTS]: (({ body }: { body: object }) => body) as never,
  })
  const drawn = await show(<Suggestions run={run} filter={{}} />)
  const cards = await screen.findAllByRole('listitem')
  return { server, cards, ...drawn }
}

const verdicts = (server: Awaited<ReturnType<typeof open>>['server']) =>
  server.sent(VERDICTS).flatMap(({ body }) => Object.values(body).flat())

describe('Suggestions', () => {
  it('says what is labelled, what is proposed and why', async () => {
    const { cards } = await open()
    const card = within(cards[0]!)
    expect(card.getByText('Wrong class')).toBeTruthy()
    expect(await card.findByText('car')).toBeTruthy()
    expect(card.getByText('rider')).toBeTruthy()
    expect(card.getByText('Reason 1.')).toBeTruthy()
  })

  it('takes verdicts by keys, one after the other, and the last one back', async () => {
    const { server } = await open()
    fireEvent.keyDown(document.body, { key: 'a' })
    await waitFor(() => expect(verdicts(server)).toMatchObject([{ id: 1, verdict: 'accepted' }]))
    fireEvent.keyDown(document.body, { key: 'r' })
    await waitFor(() => expect(verdicts(server)[1]).toMatchObject({ id: 2, verdict: 'rejected' }))
    fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true })
    await waitFor(() => expect(verdicts(server)[2]).toMatchObject({ id: 2, verdict: 'pending' }))
  })

  it('takes a verdict by its button', async () => {
    const { server, user, cards } = await open()
    await user.click(within(cards[1]!).getByRole('button', { name: 'Reject' }))
    await waitFor(() => expect(verdicts(server)).toMatchObject([{ id: 2, verdict: 'rejected' }]))
  })
})
