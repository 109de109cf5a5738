import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { show } from '../../../test/render'
import { type Answers, refused, serve } from '../../../test/server'
import { aCheckpoint, aJob, aPredictionSet, ground, page } from '../../../test/world'
import { NewEvaluation } from './NewEvaluation'

const PREVIEW = 'GET datasets/{dataset_id}/evaluations/preview'
const revisions = page() as never

async function open(answers: Answers = {}, checkpoint?: number) {
  const server = serve({
    ...ground('manager'),
    'GET datasets/{dataset_id}/prediction-sets': page(aPredictionSet()),
    'GET checkpoints': page(aCheckpoint()),
    'GET datasets/{dataset_id}/revisions': revisions,
    [PREVIEW]: { revision: 4, images: 40, boxes: 260, trained_on: 0 },
    ...answers,
  })
  const close = vi.fn()
  const drawn = await show(<NewEvaluation dataset={7} checkpoint={checkpoint} close={close} />)
  await screen.findByRole('dialog', { name: 'New evaluation' })
  const choose = async (field: string, option: string) => {
    await drawn.user.click(await screen.findByRole('combobox', { name: field }))
    await drawn.user.click(await screen.findByRole('option', { name: option }))
  }
  return { server, close, choose, ...drawn }
}

describe('NewEvaluation', () => {
  it('judges predictions at another IoU, on a slice, and goes to where the job leads', async () => {
    const { server, user, choose, address } = await open({
      'POST evaluations': aJob({ id: 51, link: '/evaluations/91' }),
    })
    expect(await screen.findByRole('button', { name: 'Evaluate' })).toHaveProperty('ariaDisabled', 'true')
    await choose('Predictions', 'night on test')
    await choose('Only images of', 'rainy')
    await choose('IoU', '0.75')
    await user.click(screen.getByRole('button', { name: 'Evaluate' }))
    await waitFor(() => expect(address()).toBe('/evaluations/91'))
    expect(server.only('POST evaluations').body).toEqual({ prediction_set: 41, iou: 0.75, slice: 21 })
    expect(server.sent(PREVIEW).at(-1)?.query).toEqual({ prediction_set: '41', slice: '21' })
  })

  it('says aloud that it would be no test', async () => {
    const { choose } = await open({ [PREVIEW]: { revision: 4, images: 40, boxes: 260, trained_on: 12 } })
    await choose('Predictions', 'night on test')
    expect(await screen.findByText('40 images with 260 labelled boxes at r4.')).toBeTruthy()
    expect((await screen.findByRole('alert')).textContent).toContain('12 of the 40 images were used to train')
  })

  it('says that nothing is labelled there', async () => {
    const { choose } = await open({ [PREVIEW]: { revision: 4, images: 40, boxes: 0, trained_on: 0 } })
    await choose('Predictions', 'night on test')
    expect((await screen.findByRole('alert')).textContent).toContain('None of these images has a label at r4')
  })

  it('has a checkpoint predict first, and goes to the evaluation when that is done', async () => {
    const { server, user, close, address } = await open(
      {
        'POST checkpoints/{checkpoint_id}/evaluate': aJob({ id: 51 }),
        'GET jobs/{job_id}': aJob({ id: 51, message: 'predicting' }),
        'POST jobs/{job_id}/cancel': aJob({ id: 51, state: 'succeeded', result: { evaluation: 92 } }),
      },
      61,
    )
    await user.click(await screen.findByRole('button', { name: 'Predict and evaluate' }))
    expect(await screen.findByText('predicting')).toBeTruthy()
    expect(server.only('POST checkpoints/{checkpoint_id}/evaluate').body).toEqual({ dataset: 7, iou: 0.5 })
    const done = aJob({ id: 51, state: 'succeeded', result: { evaluation: 92 } })
    server.answer({ 'GET jobs/{job_id}': done })
    await user.click(screen.getByRole('button', { name: 'Stop' }))
    await waitFor(() => expect(address()).toBe('/evaluations/92'))
    expect(close).toHaveBeenCalled()
  })

  it('brings a results file, and says how much of it came in', async () => {
    const report = {
      prediction_set: 42,
      found: 300,
      stored: 280,
      images: 40,
      problems: [],
      problems_total: 0,
      kinds: [],
    }
    const { server, user } = await open({
      'POST datasets/{dataset_id}/prediction-sets': aJob({ id: 52 }),
      'GET jobs/{job_id}': aJob({ id: 52, state: 'succeeded', result: report }),
    })
    await user.click(await screen.findByRole('radio', { name: 'A results file' }))
    expect(screen.getByRole('button', { name: 'Bring the file' })).toHaveProperty('ariaDisabled', 'true')
    const field = document.querySelector<HTMLInputElement>('input[type=file]')!
    await user.upload(field, new File(['[]'], 'results.json', { type: 'application/json' }))
    await user.click(screen.getByRole('button', { name: 'Bring the file' }))
    expect(await screen.findByText('280 of 300 predictions came in, on 40 images.')).toBeTruthy()
    const form: FormData = server.only('POST datasets/{dataset_id}/prediction-sets').body
    expect((form.get('file') as File).name).toBe('results.json')
  })

  it('says why it was refused', async () => {
    const { user, choose } = await open({
      'POST evaluations': () => refused(409, { detail: 'It is there already.' }),
    })
    await choose('Predictions', 'night on test')
    await user.click(screen.getByRole('button', { name: 'Evaluate' }))
    expect(await screen.findByText('It is there already.')).toBeTruthy()
  })

  it('lets those who are no managers judge what there is only', async () => {
    await open(ground('reviewer'))
    expect(await screen.findByRole('radio', { name: 'A checkpoint' })).toHaveProperty('disabled', true)
    expect(screen.getByRole('radio', { name: 'Predictions' })).toHaveProperty('disabled', false)
  })
})
