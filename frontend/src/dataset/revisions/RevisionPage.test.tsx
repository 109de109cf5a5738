import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Change, Revision, RevisionDetail } from '../../api/types'
import { visit } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { alice, ground, page } from '../../test/world'

const revision = (number: number): Revision => ({
  id: 400 + number,
  dataset: 7,
  number,
  kind: 'edit',
  message: `Change ${number}`,
  author: alice,
  created_at: '2026-03-01T12:00:00Z',
  counts: { added: 1, changed: 0, removed: 2 },
})
const detail = (number: number): RevisionDetail => ({
  ...revision(number),
  by_class: [{ class_id: 12, added: 1, changed: 0, removed: 2 }],
  changes_by_kind: { relabelled: 0, moved: 0, added: 1, removed: 2 },
})
const change: Change = {
  image: { id: 101, key: 'night/0001.jpg', thumb: '/t?size=320', width: 1280, height: 720 },
  object_id: 5,
  change: 'added',
  before: null,
  after: { class_id: 12, box: [10, 20, 110, 80] },
}

const LIST = 'GET datasets/{dataset_id}/revisions'
const base: Answers = {
  ...ground('manager'),
  [LIST]: page(revision(4), revision(3), revision(2)),
  'GET revisions/{revision_id}': ({ params }) => detail(Number(params.revision_id) - 400),
  'GET revisions/{revision_id}/diff': page(change) as never,
}

describe('RevisionPage', () => {
  it('says what was changed, by whom, and by class', async () => {
    serve(base)
    await visit('/datasets/7/revisions/4')
    expect(await screen.findByText('Change 4')).toBeTruthy()
    const row = await screen.findByRole('row', { name: /rider/ })
    const cells = within(row).getAllByRole('cell')
    expect(cells.map((cell) => cell.textContent)).toEqual(['rider', '1', '0', '2'])
  })

  it('takes the newest back by a revision of its own, after asking', async () => {
    const REVERT = 'POST datasets/{dataset_id}/revert'
    const server = serve({ ...base, [REVERT]: revision(5) })
    const { user, address } = await visit('/datasets/7/revisions/4')
    await user.click(await screen.findByRole('button', { name: 'Take this revision back' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Go back to the labels of revision 3?' }))
    expect(dialog.getByText(/^This makes revision 5/)).toBeTruthy()
    server.answer({ [LIST]: page(revision(5), revision(4), revision(3)) })
    await user.click(dialog.getByRole('button', { name: 'Go back to 3' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/revisions/5'))
    expect(server.only(REVERT).body).toEqual({ to: 3 })
  })

  it('brings the labels of an older one back, and walks between neighbours', async () => {
    serve(base)
    const { user, address } = await visit('/datasets/7/revisions/3')
    expect(await screen.findByRole('button', { name: 'Bring back the labels of 3' })).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Older' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/revisions/2'))
  })

  it('reads on until an old one is found', async () => {
    const server = serve({
      ...base,
      [LIST]: ({ query }) =>
        query.after ? page(revision(2)) : { items: [revision(4), revision(3)], next: 'more' },
    })
    await visit('/datasets/7/revisions/2')
    expect(await screen.findByText('Change 2')).toBeTruthy()
    expect(server.sent(LIST).map(({ query }) => query.after)).toEqual([undefined, 'more'])
  })

  it('says that one is not there', async () => {
    serve(base)
    await visit('/datasets/7/revisions/9')
    expect(await screen.findByText('Not here')).toBeTruthy()
  })

  it('lets viewers look only', async () => {
    serve({ ...base, ...ground('viewer') })
    await visit('/datasets/7/revisions/4')
    await screen.findByText('Change 4')
    expect(screen.queryByRole('button', { name: 'Take this revision back' })).toBeNull()
  })
})
