import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Checkpoint, ExportedForm } from '../api/types'
import { show } from '../test/render'
import { type Answers, refused, serve } from '../test/server'
import { aCheckpoint, aJob, aSlice, ground, page } from '../test/world'
import { ExportedForms } from './ExportedForms'

const aForm = (part: Partial<ExportedForm> = {}): ExportedForm => ({
  id: 5,
  checkpoint: 81,
  project: 3,
  form: 'openvino',
  precision: 'f32',
  imgsz: 640,
  state: 'succeeded',
  job: 91,
  verdict: 'passed',
  may_be_served: true,
  allowed_drop: 0.001,
  sha256: 'ab'.repeat(32),
  size: 10_600_000,
  facts: null,
  differences: {
    manifest: 1,
    dataset: 7,
    images: 40,
    revision: 4,
    floor: 0.25,
    boxes: {
      first: 120,
      second: 121,
      matched: 120,
      missing: 0,
      extra: 1,
      alike: 119,
      iou_least: 0.9712,
      iou_low: 0.99,
      iou_median: 1,
      score_largest: 0.004,
      score_high: 0.001,
      pixels_largest: 1.25,
    },
    mAP: { checkpoint: 0.31, form: 0.3085, value: -0.0015, low: -0.004, high: 0.001 },
    allowed_drop: 0.001,
    groups: 'image',
    resamples: 1000,
  },
  created_by: null,
  created_at: '2026-03-01T12:00:00Z',
  finished_at: '2026-03-01T12:01:00Z',
  ...part,
})

const best = aCheckpoint({ id: 81, run: 71, kind: 'best', imgsz: 320 })

async function open(forms: ExportedForm[], answers: Answers = {}, checkpoints: Checkpoint[] = [best]) {
  const server = serve({
    ...ground('manager'),
    'GET checkpoints/{checkpoint_id}/exports': forms,
    'GET datasets/{dataset_id}/slices': page(aSlice({ id: 61, name: 'night' })),
    ...answers,
  })
  const drawn = await show(<ExportedForms dataset={7} checkpoints={checkpoints} />, '/runs/71')
  return { server, ...drawn }
}

describe('ExportedForms', () => {
  it('says of each what it costs, and whether it may be served', async () => {
    await open([aForm(), aForm({ id: 6, precision: 'bf16', verdict: 'worse', may_be_served: false })])
    await screen.findByText('may be served')
    const [, second, first] = screen.getAllByRole('row')
    expect(first!.textContent).toContain('may be served')
    expect(second!.textContent).toContain('OpenVINO bf16')
    expect(second!.textContent).toContain('not for serving')
    expect(second!.textContent).toContain('119 of 120 alike')
    expect(second!.textContent).toContain('−0.2')
    const link = within(first!).getByRole('link', { name: 'Download' })
    expect(link.getAttribute('href')).toContain('forms/5/file')
  })

  it('asks for a form of the best checkpoint, at its size, on its own validation images', async () => {
    const last = aCheckpoint({ id: 82, run: 71, kind: 'last' })
    const { server, user } = await open([], { 'POST checkpoints/{checkpoint_id}/exports': aJob() }, [
      last,
      best,
    ])
    expect(await screen.findByText(/Not exported yet/)).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Export…' }))
    await user.click(await screen.findByRole('button', { name: 'Export as OpenVINO' }))
    await waitFor(() =>
      expect(server.only('POST checkpoints/{checkpoint_id}/exports')).toMatchObject({
        params: { checkpoint_id: '81' },
        body: { form: 'openvino', precision: 'f32', imgsz: 320, slice: null, allowed_drop: 0.001 },
      }),
    )
  })

  it('wants a slice for the checkpoint that belongs to no project', async () => {
    const base = aCheckpoint({ id: 1, run: null, project: null, kind: 'base' })
    const { user } = await open([], {}, [base])
    await user.click(await screen.findByRole('button', { name: 'Export…' }))
    const verb = await screen.findByRole('button', { name: 'Export as OpenVINO' })
    expect(verb).toHaveProperty('ariaDisabled', 'true')
    expect(screen.getByText(/belongs to no project/)).toBeTruthy()
  })

  it('removes one after asking, and says why it may not', async () => {
    const { user } = await open([aForm()], {
      'DELETE forms/{form_id}': () => refused(409, { detail: 'An endpoint serves this form.' }),
    })
    await user.click(await screen.findByRole('button', { name: 'Delete OpenVINO' }))
    await user.click(await screen.findByRole('button', { name: 'Delete the form' }))
    expect(await screen.findByText('An endpoint serves this form.')).toBeTruthy()
  })
})
