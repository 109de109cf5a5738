import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Improve, ImproveStep, LearningCurve, Role } from '../../api/types'
import { visit } from '../../test/render'
import { serve } from '../../test/server'
import { aJob, ground } from '../../test/world'

const aStep = (part: Partial<ImproveStep> = {}): ImproveStep => ({
  step: 'find',
  class_id: null,
  gain: null,
  at_most: 0.91,
  people_minutes: 0,
  machine_minutes: 4,
  per_hour: null,
  per_people_hour: null,
  why: 'Nobody has searched the labels of the last training for errors.',
  why_code: 'errors_unknown',
  why_params: { at_most: 0.91 },
  needs: ['find'],
  sources: [],
  by_people: false,
  possible: true,
  skipped: false,
  ...part,
})

const more = aStep({
  step: 'more_of_class',
  class_id: 12,
  gain: { value: 0.6, low: 0.1, high: 1.1 },
  at_most: null,
  people_minutes: 186,
  per_hour: 0.18,
  why_code: 'class_unlabelled',
  why_params: { boxes: 300, name: 'rider', there: 400, sizes: 3 },
  sources: [{ kind: 'learning_curve', id: 71, link: '/datasets/7/improve?curve=71' }],
})

const state = (part: Partial<Improve> = {}): Improve => ({
  dataset: 7,
  minutes: 30,
  stage: 'find',
  stages: [
    { stage: 'split', state: 'done' },
    { stage: 'find', state: 'current' },
  ],
  round: 1,
  base: null,
  job: null,
  failed: null,
  batch: null,
  proven: null,
  next: aStep(),
  others: [more],
  skipped: [],
  ...part,
})

const answer = (given: Improve, role: Role = 'owner') =>
  serve({
    ...ground(role),
    'GET datasets/{dataset_id}/improve': given,
    'GET datasets/{dataset_id}/learning-curve': {
      run: null,
      job: null,
      points: [],
      waiting: [],
      law: null,
      classes: [],
      refusal: null,
    } satisfies LearningCurve,
  })

describe('ImprovePage', () => {
  it('says the next step with its bound, and starts it', async () => {
    const server = answer(state())
    server.answer({ 'POST datasets/{dataset_id}/improve/{step}': { job: aJob(), link: null } })
    const { user } = await visit('/datasets/7/improve')
    const next = within(await screen.findByRole('region', { name: 'Next best step' }))
    expect(next.getByText('at most +0.9')).toBeTruthy()
    await waitFor(() => expect(next.getByRole('button', { name: 'Find mislabels' }).ariaDisabled).toBeNull())
    await user.click(next.getByRole('button', { name: 'Find mislabels' }))
    await waitFor(() => server.only('POST datasets/{dataset_id}/improve/{step}'))
    const sent = server.only('POST datasets/{dataset_id}/improve/{step}')
    expect(sent.params.step).toBe('find')
    expect(sent.body).toEqual({ class_id: null, minutes: 30 })
  })

  it('lists the others with gain, interval and hours', async () => {
    answer(state())
    await visit('/datasets/7/improve')
    const table = within(await screen.findByRole('table', { name: 'Other steps' }))
    expect(table.getByText('Label 300 more “rider”')).toBeTruthy()
    expect(table.getByText('+0.6 [+0.1, +1.1]')).toBeTruthy()
    expect(table.getByText(/3 h/)).toBeTruthy()
    expect(table.getByRole('link', { name: 'learning curve' }).getAttribute('href')).toBe(
      '/datasets/7/improve?curve=71',
    )
  })

  it('skips a step and takes it up again', async () => {
    const server = answer(state({ next: null, others: [], skipped: [{ step: 'split', class_id: null }] }))
    server.answer({ 'POST datasets/{dataset_id}/improve/{step}/skip': state() })
    const { user } = await visit('/datasets/7/improve')
    expect(await screen.findByText('No step is left')).toBeTruthy()
    const again = await screen.findByRole('button', { name: 'Split' })
    await waitFor(() => expect(again.hasAttribute('disabled')).toBe(false))
    await user.click(again)
    await waitFor(() =>
      expect(server.only('POST datasets/{dataset_id}/improve/{step}/skip').body).toEqual({
        class_id: null,
        undo: true,
      }),
    )
  })

  it('shows a job in the place of the step while it runs', async () => {
    answer(state({ job: aJob({ title: 'Find mislabels in train' }) }))
    await visit('/datasets/7/improve')
    expect(await screen.findByText('Find mislabels in train')).toBeTruthy()
    expect(screen.getByRole('progressbar', { name: 'Find mislabels in train' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Find mislabels' })).toBeNull()
  })

  it('hands over to people with the number of tasks and their minutes', async () => {
    const step = aStep({
      step: 'correct',
      why_code: 'batch_open',
      by_people: true,
      why_params: { name: 'found' },
    })
    answer(
      state({
        next: step,
        batch: { id: 81, name: 'found', tasks: 130, open: 124, minutes: 28, link: '/batches/81' },
      }),
    )
    await visit('/datasets/7/improve')
    const link = await screen.findByRole('link', { name: /Label 124 tasks, about 28 min/ })
    expect(link.getAttribute('href')).toBe('/batches/81')
  })

  it('says what the last round brought, and by what that is proven', async () => {
    answer(
      state({
        proven: {
          comparison: 5,
          run: { id: 2, name: 'corrected' },
          against: { id: 3, name: 'control' },
          is_control: true,
          gain: { value: 0.8, low: 0.1, high: 1.5 },
          verdict: 'proven',
        },
      }),
    )
    await visit('/datasets/7/improve')
    const link = await screen.findByRole('link', { name: '“corrected” brought +0.8 [+0.1, +1.5] mAP:' })
    expect(link.getAttribute('href')).toBe('/comparisons/5')
    expect(screen.getByText('against its control “control”')).toBeTruthy()
  })

  it('lets a viewer read, with buttons that are off', async () => {
    const server = answer(state(), 'viewer')
    const { user } = await visit('/datasets/7/improve')
    const button = await screen.findByRole('button', { name: 'Find mislabels' })
    expect(button.getAttribute('aria-disabled')).toBe('true')
    await user.click(button)
    expect(server.sent('POST datasets/{dataset_id}/improve/{step}')).toEqual([])
  })
})
