import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { LabelDesk } from '../api/types'
import { visit } from '../test/render'
import { serve } from '../test/server'
import { aBatch, alice, ground } from '../test/world'

const batch = { id: 81, name: 'Doubtful riders', dataset: 7 }
const image = { id: 101, key: 'night/0001.jpg', thumb: '/t', width: 1280, height: 720 }
const desk = (part: Partial<LabelDesk> = {}): LabelDesk => ({
  sent_back: [],
  begun: [],
  assigned: [],
  counts: { sent_back: 0, begun: 0, assigned: 0 },
  to_review: [],
  batches: [aBatch()],
  next: null,
  ...part,
})
const back = {
  ...{ id: 95, image, batch, state: 'in_progress' as const, position: 0, due: null, open_issues: 2 },
  ...{ reason: 'A bus is missing.', reviewer: alice, round: 1 },
}

describe('DeskPage', () => {
  it('shows what was sent back with its reason, and goes on with it by a key', async () => {
    serve({
      ...ground('labeller'),
      'GET label-desk': desk({
        sent_back: [back],
        counts: { sent_back: 1, begun: 0, assigned: 0 },
        next: { kind: 'sent_back', task: 95, batch: 81 },
      }),
      'GET tasks/{task_id}': () => new Promise(() => {}),
    })
    const { address } = await visit('/label')
    expect(await screen.findByText(/Alice, round 1:.*A bus is missing/)).toBeTruthy()
    expect(screen.getByText('with an image that was sent back')).toBeTruthy()
    fireEvent.keyDown(document.body, { key: 'Enter' })
    await waitFor(() => expect(address()).toBe('/tasks/95'))
  })

  it('takes a reviewer to the next task that waits', async () => {
    serve({
      ...ground('reviewer'),
      'GET label-desk': desk({
        to_review: [{ batch, waiting: 3, held: 1 }],
        next: { kind: 'review', task: null, batch: 81 },
      }),
      'POST batches/{batch_id}/next-review': { task: 95, waiting: 3, yours: 0, held: 1 },
      'GET tasks/{task_id}': () => new Promise(() => {}),
    })
    const { user, address } = await visit('/label')
    expect(await screen.findByText('3 images wait, 1 with others')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: /^Continue/ }))
    await waitFor(() => expect(address()).toBe('/tasks/95'))
  })

  it('teaches where nothing is to be done', async () => {
    serve({ ...ground('labeller'), 'GET label-desk': desk({ batches: [] }) })
    await visit('/label')
    expect(await screen.findByText('Nothing is yours to do')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Choose images to send' })).toBeTruthy()
  })
})
