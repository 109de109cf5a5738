import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Task } from '../api/types'
import { fill, visit } from '../test/render'
import { type Answers, refused, serve } from '../test/server'
import { aBatch, alice, anIssue, aRound, aTask, aTaskReview, bob, ground } from '../test/world'

const SAVE = 'PUT tasks/{task_id}'
const NO_SOURCE = { kind: null, id: null, name: '', chosen: false, readiness: null, job: null } as const
const saved = (version: number) => ({ ...aTask({ version }), saved_at: '2026-03-01T12:00:00Z' })

async function open(task: Task, answers: Answers = {}) {
  const server = serve({
    ...ground('labeller'),
    'GET batches/{batch_id}': aBatch(),
    'GET batches/{batch_id}/assist': NO_SOURCE,
    'GET datasets/{dataset_id}/image-choices': { tags: [], metadata: [] },
    'GET tasks/{task_id}': ({ params }) =>
      (params.task_id === '95' ? task : aTask({ id: 96, previous: 95, next: null })) as never,
    'GET tasks/{task_id}/review': aTaskReview(),
    'POST tasks/{task_id}/review/hold': aTaskReview(),
    [SAVE]: saved(4) as never,
    ...answers,
  })
  const drawn = await visit('/tasks/95')
  await screen.findByRole('application')
  return { server, ...drawn }
}

const objects = () => within(screen.getByRole('listbox', { name: 'Boxes' }))
const key = (name: string, more = {}) => fireEvent.keyDown(document.body, { key: name, ...more })

const missing: Task['suggestions'][number] = {
  id: 77,
  auto_curate: 5,
  image: { id: 101, key: 'night/0001.jpg', thumb: '/t', width: 1280, height: 720 },
  object_id: null,
  kind: 'missing',
  score: 0.91,
  parts: {},
  reason: 'The networks see a rider here.',
  reason_code: 'missing',
  reason_params: {},
  given: null,
  proposed: { class_id: 12, box: [300, 300, 360, 420] },
  verdict: 'pending',
  decided_by: null,
  decided_at: null,
}

describe('TaskPage', () => {
  it('says in words what stands in the image, and where in the batch it is', async () => {
    await open(aTask())
    expect(objects().getByRole('option', { name: 'car, 100 by 60 pixels, imported' })).toBeTruthy()
    expect(screen.getByText('1 of 3')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Previous image' })).toHaveProperty('ariaDisabled', 'true')
  })

  it('saves by itself what a key has changed, with the version that it began from', async () => {
    const { server, user } = await open(aTask())
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('2')
    expect(objects().getByRole('option', { name: /^rider, 100 by 60 pixels, drawn or changed/ })).toBeTruthy()
    expect(screen.getByText('not saved yet')).toBeTruthy()
    await waitFor(() => expect(server.sent(SAVE)).toHaveLength(1))
    const { body, headers } = server.only(SAVE)
    expect(headers.get('If-Match')).toBe('"3"')
    expect(body.boxes).toMatchObject([{ id: 'o5', object_id: 5, class_id: 12, provenance: 'human' }])
    expect(await screen.findByText(/^saved/)).toBeTruthy()
  })

  it('takes back and does again', async () => {
    const { user } = await open(aTask())
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('Delete')
    expect(screen.getByText(/^No box in this image/)).toBeTruthy()
    key('z', { ctrlKey: true })
    expect(objects().getByRole('option', { name: /^car/ })).toBeTruthy()
    key('z', { ctrlKey: true, shiftKey: true })
    expect(screen.getByText(/^No box in this image/)).toBeTruthy()
  })

  it('ends the image and goes on to the next', async () => {
    const { server, user, address } = await open(aTask())
    await user.click(screen.getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(address()).toBe('/tasks/96'))
    await waitFor(() => expect(server.sent(SAVE)[0]?.body).toMatchObject({ state: 'done' }))
  })

  it('sends to review where the batch asks for a reviewer, and is done by the reviewer', async () => {
    const review = { 'GET batches/{batch_id}': aBatch({ review: true }) }
    const { server, user } = await open(aTask(), review)
    await user.click(await screen.findByRole('button', { name: 'To review' }))
    await waitFor(() => expect(server.sent(SAVE)[0]?.body).toMatchObject({ state: 'in_review' }))
  })

  it('calls done what a reviewer has passed', async () => {
    await open(aTask({ state: 'in_review' }), { 'GET batches/{batch_id}': aBatch({ review: true }) })
    expect(await screen.findByRole('button', { name: 'Done' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'To review' })).toBeNull()
  })

  it('shows a suggestion with its reason, and takes it', async () => {
    const { server, user } = await open(aTask({ suggestions: [missing] }))
    const panel = within(screen.getByRole('region', { name: 'Suggestions' }))
    await user.click(panel.getByRole('button', { name: /Missing/ }))
    expect(panel.getByText('The networks see a rider here.')).toBeTruthy()
    await user.click(panel.getByRole('button', { name: /^Accept/ }))
    expect(
      objects().getByRole('option', { name: /^rider, 60 by 120 pixels, from a suggestion/ }),
    ).toBeTruthy()
    expect(panel.getByText('all decided')).toBeTruthy()
    await waitFor(() =>
      expect(server.sent(SAVE)[0]?.body.verdicts).toEqual([{ id: 77, verdict: 'accepted' }]),
    )
  })

  it('chooses a class by a few letters', async () => {
    const { user } = await open(aTask())
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('c')
    const dialog = within(await screen.findByRole('dialog', { name: 'Class of the selected box' }))
    fill(dialog.getByRole('combobox'), 'rid')
    fireEvent.keyDown(dialog.getByRole('combobox'), { key: 'Enter' })
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(objects().getByRole('option', { name: /^rider/ })).toBeTruthy()
  })

  it('says what others changed meanwhile, and puts mine on top where one wants that', async () => {
    const theirs = aTask({ version: 9, boxes: [], saved_by: bob })
    const { server, user } = await open(aTask(), {
      [SAVE]: () => refused(412, { title: 'Changed', current: theirs }),
    })
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('2')
    const dialog = await screen.findByRole('dialog', { name: 'Somebody else saved this image meanwhile' })
    expect(dialog.textContent).toContain('Bob saved it.')
    expect(dialog.textContent).toContain('Theirs: 1 removed')
    expect(dialog.textContent).toContain('Yours: 1 relabelled')
    server.answer({ [SAVE]: saved(10) as never })
    await user.click(within(dialog).getByRole('button', { name: 'Keep mine' }))
    await waitFor(() => expect(server.sent(SAVE).at(-1)?.headers.get('If-Match')).toBe('"9"'))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(objects().getByRole('option', { name: /^rider/ })).toBeTruthy()
  })

  it('takes theirs, and keeps mine one undo away', async () => {
    const theirs = aTask({ version: 9, boxes: [], saved_by: null })
    const { server, user } = await open(aTask(), {
      [SAVE]: () => refused(412, { title: 'Changed', current: theirs }),
    })
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('2')
    const dialog = within(await screen.findByRole('dialog'))
    await user.click(dialog.getByRole('button', { name: 'Take theirs' }))
    expect(await screen.findByText(/^No box in this image/)).toBeTruthy()
    server.answer({ [SAVE]: saved(10) as never })
    key('z', { ctrlKey: true })
    expect(objects().getByRole('option', { name: /^rider/ })).toBeTruthy()
    expect(await screen.findByText(/^saved/)).toBeTruthy()
  })

  it('says that it could not be saved, why, and tries again', async () => {
    const { server, user } = await open(aTask(), { [SAVE]: () => refused(403, { detail: 'Not your task.' }) })
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('2')
    await screen.findByText('not saved, edits kept here')
    server.answer({ [SAVE]: saved(4) as never })
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText(/^saved/)).toBeTruthy()
  })

  it('brings back what was not saved when one left', async () => {
    const content = { boxes: [{ ...aTask().boxes[0], class_id: 12 }], decisions: {} }
    localStorage.setItem(
      `halfday.draft.task.95.${alice.id}`,
      JSON.stringify({ version: 3, content, at: 0, state: null }),
    )
    const { server } = await open(aTask())
    expect(objects().getByRole('option', { name: /^rider/ })).toBeTruthy()
    await waitFor(() => expect(server.sent(SAVE)[0]?.body.boxes).toMatchObject([{ class_id: 12 }]))
  })

  it('takes a box of the detector, and tells of it with the save', async () => {
    const { server, user } = await open(aTask(), {
      'GET batches/{batch_id}/assist': {
        ...NO_SOURCE,
        kind: 'checkpoint',
        id: 5,
        name: 'run 3',
        readiness: 'ready',
      },
      'GET images/{image_id}/candidates': {
        image: 101,
        endpoint: null,
        version: null,
        checkpoint: 5,
        floor: 0.03,
        candidates: [
          { box: [600, 300, 640, 340], classes: [{ class_id: 12, score: 0.8 }] },
          { box: [700, 300, 740, 340], classes: [{ class_id: 11, score: 0.2 }] },
        ],
      },
    })
    key('G', { shiftKey: true })
    expect(await screen.findByText('1 box')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: /Take all 1/ }))
    expect(objects().getByRole('option', { name: /^rider, 40 by 40 pixels/ })).toBeTruthy()
    await waitFor(() => expect(server.sent(SAVE)).toHaveLength(1))
    expect(server.only(SAVE).body.assists[0]).toMatchObject({ kind: 'fill', outcome: 'taken', checkpoint: 5 })
  })

  it('says that there is no detector yet, and where one is made', async () => {
    await open(aTask())
    key('B', { shiftKey: true })
    expect(await screen.findByText(/There is no detector yet/)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'To Model' })).toBeTruthy()
  })

  it('takes an issue about what is selected', async () => {
    const raised = anIssue({ box_id: 'o5', kind: 'badly_drawn' })
    const { server, user } = await open(aTask(), { 'POST tasks/{task_id}/issues': raised })
    await screen.findByRole('region', { name: 'Issues' }).catch(() => undefined)
    await user.click(objects().getByRole('option', { name: /^car/ }))
    key('M', { shiftKey: true })
    const dialog = within(await screen.findByRole('dialog', { name: 'New issue' }))
    fill(dialog.getByLabelText('What is wrong'), 'Too wide ')
    server.answer({ 'GET tasks/{task_id}/review': aTaskReview({ issues: [raised] }) })
    await user.click(dialog.getByRole('button', { name: 'Pin issue' }))
    const issues = within(await screen.findByRole('region', { name: 'Issues' }))
    expect(await issues.findByRole('button', { name: /Badly drawn Too wide/ })).toBeTruthy()
    expect(server.only('POST tasks/{task_id}/issues').body).toMatchObject({
      kind: 'badly_drawn',
      text: 'Too wide',
      box_id: 'o5',
    })
  })

  it('says first why it came back, and hands it in again once that is answered', async () => {
    const round = aRound({ verdict: 'sent_back', reason: 'A bus is missing.', reviewer: alice })
    const review = aTaskReview({ rounds: [round], issues: [anIssue({ author: bob })] })
    const { server, user } = await open(aTask(), {
      'GET batches/{batch_id}': aBatch({ review: true }),
      'GET tasks/{task_id}/review': review,
      'PATCH issues/{issue_id}': anIssue({ state: 'resolved' }),
    })
    expect(await screen.findByText('Sent back by Alice, round 1')).toBeTruthy()
    expect(screen.getAllByText('A bus is missing.')[0]?.closest('[role=status]')).toBeTruthy()
    key('Enter', { ctrlKey: true })
    expect(await screen.findByText(/^1 issue needs an answer/)).toBeTruthy()
    expect(server.sent(SAVE)).toHaveLength(0)
    server.answer({ 'GET tasks/{task_id}/review': { ...review, issues: [anIssue({ state: 'resolved' })] } })
    await user.click(screen.getByRole('button', { name: 'Resolve' }))
    expect(await screen.findByText('all resolved')).toBeTruthy()
    key('Enter', { ctrlKey: true })
    await waitFor(() => expect(server.sent(SAVE)[0]?.body).toMatchObject({ state: 'in_review' }))
  })

  it('steps a reviewer through the changes, and passes with a question where issues are open', async () => {
    const changed = { ...aTask().boxes[0], class_id: 12 } as Task['boxes'][number]
    const { server, user, address } = await open(aTask({ state: 'in_review', boxes: [changed] }), {
      ...ground('reviewer'),
      'GET batches/{batch_id}': aBatch({ review: true }),
      'GET tasks/{task_id}/review': aTaskReview({ issues: [anIssue()] }),
      'PUT tasks/{task_id}/review': { version: 4, state: 'done', saved_at: '', notes: [] },
      'POST batches/{batch_id}/next-review': { task: 96, waiting: 1, yours: 0, held: 0 },
    })
    const changes = within(await screen.findByRole('region', { name: 'Changes' }))
    expect(changes.getByText('0 of 1 looked at')).toBeTruthy()
    key('w')
    expect(changes.getByRole('button', { name: /^class/, pressed: true })).toBeTruthy()
    expect(changes.getByText('1 of 1 looked at')).toBeTruthy()
    key('Enter', { ctrlKey: true })
    const dialog = within(await screen.findByRole('dialog', { name: 'Pass it with open issues?' }))
    await user.click(dialog.getByRole('button', { name: 'Pass all the same' }))
    await waitFor(() => expect(address()).toBe('/tasks/96'))
    const { body, headers } = server.only('PUT tasks/{task_id}/review')
    expect(body).toMatchObject({ verdict: 'passed', despite_issues: true })
    expect(headers.get('If-Match')).toBe('"3"')
  })

  it('leaves to somebody else what is one’s own work', async () => {
    await open(aTask({ state: 'in_review' }), {
      ...ground('reviewer'),
      'GET batches/{batch_id}': aBatch({ review: true }),
      'GET tasks/{task_id}/review': aTaskReview({
        own: true,
        held: { person: bob, until: '2099-01-01T00:00:00Z' },
      }),
    })
    expect(await screen.findByText(/^This is your own work/)).toBeTruthy()
    expect(screen.getByText('Bob is reviewing this.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /^Pass/ })).toBeNull()
  })
})
