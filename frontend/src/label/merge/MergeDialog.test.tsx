import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { MergeConflict, MergePreview, Shape } from '../../api/types'
import { fill, show } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aBatch, ground } from '../../test/world'
import { MergeDialog } from './MergeDialog'

const image = { id: 101, key: 'night/0001.jpg', thumb: '/t?size=320', width: 1280, height: 720 }
const shape = (class_id: number) => ({ class_id, box: [10, 20, 110, 80] as [number, number, number, number] })

const conflict = (part: Partial<MergeConflict> = {}): MergeConflict => ({
  object_id: 5,
  image,
  clash: 'both_changed',
  base: shape(11),
  ours: shape(12),
  theirs: shape(11),
  ...part,
})

const preview = (part: Partial<MergePreview> = {}): MergePreview => ({
  base: 4,
  head: 4,
  counts: { added: 1, changed: 1, removed: 0, relabelled: 1, moved: 0, unchanged: 30, conflicts: 0 },
  tasks: { to_label: 1, in_progress: 0, in_review: 0, done: 2, skipped: 0 },
  items: [
    { key: 'a', image, object_id: null, change: 'added', before: null, after: shape(12), conflict: false },
    {
      key: 'b',
      image,
      object_id: 6,
      change: 'relabelled',
      before: shape(11),
      after: shape(12),
      conflict: false,
    },
  ],
  conflicts: [],
  ...part,
})

const merged = {
  batch: aBatch({ state: 'merged', merged_revision: 5 }),
  revision: 5,
  counts: { added: 1, changed: 1, removed: 0 },
}
const MERGE = 'POST batches/{batch_id}/merge'

async function open(of: MergePreview, answer: object = merged) {
  const server = serve({ ...ground(), 'GET batches/{batch_id}/merge': of, [MERGE]: answer as never })
  const drawn = await show(<MergeDialog batch={aBatch()} close={() => {}} />)
  await screen.findByLabelText('Message of the revision')
  return { server, ...drawn }
}

describe('MergeDialog', () => {
  it('says what will change, sends it with a message and leads to the revision', async () => {
    const { server, user } = await open(preview())
    expect(screen.getByText(/this goes on top of revision 4/)).toBeTruthy()
    expect(screen.getByText(/1 task is still open/)).toBeTruthy()
    fill(screen.getByLabelText('Message of the revision'), 'Riders in the rain')
    await user.click(screen.getByRole('button', { name: 'Send 2 changes to Curate' }))
    const link = await screen.findByRole('link', { name: 'Open revision 5' })
    expect(link.getAttribute('href')).toBe('/datasets/7/revisions/5')
    expect(server.only(MERGE).body).toEqual({ message: 'Riders in the rain', resolutions: {}, head: 4 })
  })

  it('shows changes of one kind', async () => {
    const { user } = await open(preview())
    expect(screen.getAllByRole('figure')).toHaveLength(2)
    await user.click(screen.getByRole('button', { name: 'Added 1' }))
    const [one, ...others] = screen.getAllByRole('figure')
    expect(others).toEqual([])
    expect(within(one!).getByRole('img', { name: 'Before: no box' })).toBeTruthy()
    expect(within(one!).getByRole('img', { name: 'After: rider' })).toBeTruthy()
  })

  it('shows both outlines where the two sides drew different ones', async () => {
    const drawn = (x: number): Shape => ({
      ...shape(12),
      shape: { kind: 'turned', centre: [x, 50], size: [20, 10], angle: 0 },
    })
    await open(preview({ conflicts: [conflict({ ours: drawn(50), theirs: drawn(60) })] }))
    const ours = screen.getByRole('img', { name: /^From Label/ })
    const lines = [...ours.querySelectorAll('path[stroke]')]
    expect(lines.map((line) => line.getAttribute('d'))).toEqual([
      'M50 45L70 45L70 55L50 55Z',
      'M40 45L60 45L60 55L40 55Z',
    ])
    expect(lines[0]?.getAttribute('stroke-dasharray')).toBeTruthy()
  })
  it('lets nothing go before each conflict is decided, and counts what is decided for Label', async () => {
    const both = [conflict(), conflict({ object_id: 6, clash: 'both_added', base: null })]
    const { server, user } = await open(preview({ head: 6, conflicts: both }))
    expect(screen.getByText(/gone on from revision 4 to 6/)).toBeTruthy()
    expect(screen.getByRole('button', { name: '2 conflicts to decide' })).toHaveProperty(
      'ariaDisabled',
      'true',
    )
    const [first, second] = screen.getAllByRole('group', { name: /night\/0001/ })
    await user.click(within(first!).getByRole('radio', { name: /^In Curate/ }))
    expect(screen.getByRole('button', { name: '1 conflict to decide' })).toHaveProperty(
      'ariaDisabled',
      'true',
    )
    await user.click(within(second!).getByRole('radio', { name: 'Keep both boxes' }))
    await user.click(screen.getByRole('button', { name: 'Send 3 changes to Curate' }))
    await waitFor(() => expect(server.only(MERGE).body.resolutions).toEqual({ 5: 'theirs', 6: 'both' }))
    expect(server.only(MERGE).body.head).toBe(6)
  })

  it('decides all for one side at once; where nothing of Label is left, it says so on the button', async () => {
    const none = { added: 0, changed: 0, removed: 0, relabelled: 0, moved: 0, unchanged: 9, conflicts: 2 }
    const both = [conflict(), conflict({ object_id: 6 })]
    const { user } = await open(preview({ items: [], counts: none, conflicts: both }))
    await user.click(screen.getByRole('button', { name: 'All as in Curate' }))
    expect(screen.getByRole('button', { name: 'Keep what is in Curate' })).not.toHaveProperty(
      'ariaDisabled',
      'true',
    )
    await user.click(screen.getByRole('button', { name: 'All from Label' }))
    expect(screen.getByRole('button', { name: 'Send 2 changes to Curate' })).toBeTruthy()
  })

  it('says why it was refused and keeps what was decided', async () => {
    const refusal = () => refused(409, { title: 'Moved on', detail: 'The dataset has gone on to 7.' })
    const { user } = await open(preview({ conflicts: [conflict()] }), refusal)
    await user.click(screen.getByRole('radio', { name: /^From Label/ }))
    await user.click(screen.getByRole('button', { name: 'Send 3 changes to Curate' }))
    expect(await screen.findByText('The dataset has gone on to 7.')).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^From Label/ }).checked).toBe(true)
  })
})
