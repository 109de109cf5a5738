import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, PickedImage } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { ground, page } from '../../test/world'
import { SendActions } from './SendActions'
import { ToLabel, type ToLabelReport } from './ToLabel'

const image = (id: number): PickedImage['image'] => ({
  id,
  key: `drive/${id}.jpg`,
  thumb: `/t/${id}`,
  width: 1280,
  height: 720,
})

const pick = (id: number, part: Partial<PickedImage> = {}): PickedImage => ({
  image: image(id),
  score: 1,
  parts: { uncertain: 2, classes: 1, facts: 0.2, novelty: 1 },
  reason: 'The checkpoint is unsure of 4 objects here.',
  reason_code: 'unsure',
  reason_params: { count: 4 },
  nearest: { image: image(900 + id), distance: 0.3126, measure: 'embedding' },
  ...part,
})

const report: ToLabelReport = {
  images: 2,
  looked_at: { images: 300, labelled: 480 },
  prediction_set: 41,
  evaluation: 91,
  measure: 'embedding',
  by_reason: { scarce_class: 1, unsure: 3 },
  left_out: { near_duplicate: 7, sequence: 5 },
  expected_boxes: 31.4,
  cost: { boxes: 31.4, minutes: 6.2, pool_boxes: 15, pool_minutes: 0.7, measured_in: 'dataset', tasks: 34 },
  classes: [{ class_id: 12, labelled: 14, chosen: 2.5, pool: 40 }],
  strata: [{ key: 'weather', values: [{ value: 'snowy', labelled: 3, chosen: 1, pool: 20 }] }],
  sequences: { sequences: 2, most: 1, alone: 0 },
}

const run = (part: Partial<ToLabelReport> = {}) =>
  ({
    id: 6,
    dataset: 7,
    kind: 'label_selection',
    report: { ...report, ...part },
    slices: [{ id: 31, name: 'to label', image_count: 2 }],
  }) as unknown as AutoCurateDetail

async function open(of = run(), picks = [pick(101), pick(102, { score: 0.62, nearest: null })]) {
  serve({ ...ground(), 'GET auto-curates/{auto_curate_id}/images': page(...picks) as never })
  return show(<ToLabel run={of} />)
}

describe('ToLabel', () => {
  it('shows the images in their order, each with its reason and its nearest labelled neighbour', async () => {
    await open()
    const list = await screen.findByRole('list', { name: 'Chosen images' })
    const [first, second] = within(list)
      .getAllByRole('listitem')
      .map((one) => within(one))
    expect(first!.getByText('The checkpoint is unsure of 4 objects here.')).toBeTruthy()
    const linked = first!.getAllByRole('link').map((one) => one.getAttribute('href'))
    expect(linked).toEqual(['/datasets/7/images/101', '/datasets/7/images/1001'])
    expect(first!.getByText(/distance 0.313/)).toBeTruthy()
    expect(second!.getByText('62%')).toBeTruthy()
    expect(second!.queryByText(/Most like it/)).toBeNull()
  })

  it('says how far a neighbour is in bits where there are no embeddings', async () => {
    await open(run({ measure: 'hash' }), [
      pick(101, { nearest: { image: image(1), distance: 9, measure: 'hash' } }),
    ])
    expect(await screen.findByText(/9 bits apart/)).toBeTruthy()
  })

  it('says what the choice consists of, by class, metadata and sequence', async () => {
    await open()
    expect(await screen.findByText('2 of 300 images without labels; 480 are labelled')).toBeTruthy()
    expect(
      screen.getByText("a checkpoint's predictions, weak classes of an evaluation, embeddings and metadata"),
    ).toBeTruthy()
    expect(screen.getByText('uncertain 3 · rare class 1')).toBeTruthy()
    expect(screen.getByText(/about 31/).textContent).toBe('about 31 16 an image; the pool has 7.5')
    expect(screen.getByText(/6 min expected/).textContent).toBe(
      '6 min expected; less than a minute for as many images at random as the median of 34 tasks of this dataset in Label',
    )
    expect(screen.getByText('2, at most 1 of one')).toBeTruthy()
    expect(screen.getByText('7 near-duplicates, 5 further frames of a sequence')).toBeTruthy()
    const rider = (await screen.findByText('rider')).closest('[role=row], tr') as HTMLElement
    expect(rider.textContent).toBe('rider14340')
    expect(screen.getByText('snowy')).toBeTruthy()
  })

  it('leaves out what nobody could know without a checkpoint', async () => {
    await open(run({ prediction_set: null, evaluation: null, expected_boxes: null, cost: null, classes: [] }))
    expect(await screen.findByText('embeddings and metadata')).toBeTruthy()
    expect(screen.queryByText('Boxes to draw')).toBeNull()
    expect(screen.queryByText('Time to label')).toBeNull()
    expect(screen.queryByText('rider')).toBeNull()
  })

  it('says so where nothing was chosen', async () => {
    await open(run({ images: 0 }), [])
    expect(await screen.findByText(/No image was chosen/)).toBeTruthy()
  })
})

describe('SendActions', () => {
  it('sends the slice to Label, in the order of the run', async () => {
    const server = serve({
      ...ground(),
      'GET datasets/{dataset_id}/auto-curates': page() as never,
      'GET datasets/{dataset_id}/prediction-sets': page() as never,
      'POST batches': { id: 5, name: 'to label', tasks: 2 } as never,
    })
    const { user } = await show(<SendActions run={run()} />)
    await user.click(await screen.findByRole('button', { name: 'Send 2 images to Label' }))
    const dialog = within(await screen.findByRole('dialog'))
    await user.click(await dialog.findByRole('button', { name: /Send/ }))
    await screen.findByRole('dialog')
    expect(server.only('POST batches').body).toMatchObject({ slice: 31, auto_curate: 6 })
  })
})
