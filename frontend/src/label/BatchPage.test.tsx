import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { TaskRow } from '../api/types'
import { visit } from '../test/render'
import { serve } from '../test/server'
import { aBatch, alice, bob, ground, page } from '../test/world'

const row = (part: Partial<TaskRow> = {}): TaskRow => ({
  id: 95,
  position: 0,
  image: { id: 101, key: 'night/0001.jpg', thumb: '/t', width: 1280, height: 720 },
  state: 'in_progress',
  assignee: alice,
  due: null,
  suggestions: { pending: 2, total: 3 },
  boxes: 4,
  open_issues: 0,
  changed: false,
  version: 1,
  active_seconds: 0,
  ...part,
})

const TASKS = 'GET batches/{batch_id}/tasks'
const rest = {
  pieces: 0,
  seconds: null,
  low: null,
  high: null,
  per_task: null,
  per_object: null,
  learned_from: 0,
}
const base = {
  ...ground(),
  'GET batches/{batch_id}': aBatch(),
  'GET batches/{batch_id}/rest': rest,
  'GET batches/{batch_id}/assist': {
    kind: null,
    id: null,
    name: '',
    chosen: false,
    readiness: null,
    job: null,
  },
  'GET batches/{batch_id}/assists': { rows: [], people: [], enough: 20, saved_seconds: null },
  'GET batches/{batch_id}/prelabels': [],
  'GET checkpoints': page(),
  'GET datasets/{dataset_id}/endpoints': page(),
  'GET projects/{project_id}/members': [],
  [TASKS]: page(row()),
}

describe('BatchPage', () => {
  it('shows how far the batch is, and what is open in each image', async () => {
    serve(base)
    await visit('/batches/81')
    const card = await screen.findByRole('link', { name: /night\/0001/ })
    expect(card.textContent).toContain('2 suggestions')
    expect(card.textContent).toContain('Alice')
    expect(card.textContent).toContain('4 boxes')
    expect(screen.getByRole('link', { name: 'rainy' }).getAttribute('href')).toBe('/datasets/7/slices/21')
  })

  it('asks for the tasks of one state', async () => {
    const server = serve({
      ...base,
      [TASKS]: ({ query }) => (query.state === 'done' ? page() : page(row())),
    })
    const { user } = await visit('/batches/81')
    await user.click(await screen.findByRole('button', { name: /^Done/ }))
    expect(await screen.findByText('No task is in this state.')).toBeTruthy()
    expect(server.sent(TASKS).at(-1)?.query.state).toBe('done')
  })

  it('keeps in the address which tasks it shows', async () => {
    const server = serve({
      ...base,
      ...ground('labeller'),
      'GET batches/{batch_id}': aBatch({ review: true }),
      [TASKS]: page(row({ open_issues: 2 })),
    })
    await visit('/batches/81?issues=open&person=0&review=sent_back')
    expect(await screen.findByText('2 issues')).toBeTruthy()
    expect(server.sent(TASKS)[0]?.query).toMatchObject({ issues: 'open', person: '0', review: 'sent_back' })
  })

  it('goes on with the task that one has begun', async () => {
    const mine = page(row({ id: 94, assignee: bob }), row({ id: 97 }))
    serve({
      ...base,
      [TASKS]: ({ query }) => (query.state === 'in_progress' ? mine : page(row())),
      'GET tasks/{task_id}': () => new Promise(() => {}),
    })
    const { user, address } = await visit('/batches/81')
    await user.click(await screen.findByRole('button', { name: 'Continue labelling' }))
    await waitFor(() => expect(address()).toBe('/tasks/97'))
  })

  it('takes one that nobody has, and says where none is left', async () => {
    const server = serve({ ...base, [TASKS]: page(), 'POST batches/{batch_id}/next': { task: null } })
    const { user, address } = await visit('/batches/81')
    await user.click(await screen.findByRole('button', { name: 'Continue labelling' }))
    expect(await screen.findByText('No task of this batch is open any more.')).toBeTruthy()
    expect(address()).toBe('/batches/81')
    expect(server.sent('POST batches/{batch_id}/next')).toHaveLength(1)
  })

  it('closes without merging, and opens again', async () => {
    const server = serve({ ...base, 'PATCH batches/{batch_id}': aBatch({ state: 'closed' }) })
    const { user } = await visit('/batches/81')
    await user.click(await screen.findByRole('button', { name: 'More' }))
    server.answer({ 'GET batches/{batch_id}': aBatch({ state: 'closed' }) })
    await user.click(await screen.findByRole('menuitem', { name: 'Close without merging' }))
    await user.click(await screen.findByRole('button', { name: 'Open again' }))
    await waitFor(() =>
      expect(server.sent('PATCH batches/{batch_id}').map(({ body }) => body)).toEqual([
        { state: 'closed' },
        { state: 'open' },
      ]),
    )
  })
})

describe('BatchesPage', () => {
  it('leads to the batches and to what came of them', async () => {
    serve({
      ...ground(),
      'GET datasets/{dataset_id}/batches': page(
        aBatch(),
        aBatch({ id: 82, name: 'First look', state: 'merged', merged_revision: 4 }),
      ),
    })
    await visit('/label/7')
    expect((await screen.findByRole('link', { name: 'Doubtful riders' })).getAttribute('href')).toBe(
      '/batches/81',
    )
    expect(screen.getByRole('link', { name: 'merged as revision 4' }).getAttribute('href')).toBe(
      '/datasets/7/revisions/4',
    )
  })

  it('teaches where batches come from', async () => {
    serve({ ...ground(), 'GET datasets/{dataset_id}/batches': page() })
    await visit('/label/7')
    expect(await screen.findByRole('link', { name: 'Choose images' })).toBeTruthy()
  })
})
