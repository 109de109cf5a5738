import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Baseline, RunDetail } from '../api/types'
import { fill, visit } from '../test/render'
import { type Answers, refused, serve } from '../test/server'
import { aCheckpoint, aRun, aSlice, ground, page } from '../test/world'

const baseline = (part: Partial<Baseline> = {}): Baseline => ({
  name: 'yolo11n',
  title: 'YOLO11 n',
  engine: 'ultralytics',
  params: 2_600_000,
  gflops: 6.5,
  imgsz: 640,
  licence: 'AGPL-3.0',
  note: '',
  needs_gpu: false,
  several_devices: false,
  measured: [],
  weights_available: true,
  weights: [
    { id: 'base', label: 'COCO' },
    { id: 'scratch', label: 'scratch' },
  ],
  settings: { epochs: 50, batch: 16, lr0: 0.01, mosaic: 1, cosine: true, optimizer: 'AdamW' },
  ...part,
})

const detail = (part: Partial<RunDetail> = {}): RunDetail => ({
  ...aRun(),
  ancestors: [],
  children: [],
  controls: [],
  images_per_epoch: 40,
  class_mapping: { kept: [], new: [], dropped: [] },
  usage: null,
  ...part,
})

const base: Answers = {
  ...ground(),
  'GET datasets/{dataset_id}/slices': page(
    aSlice(),
    aSlice({ id: 22, name: 'test' }),
    aSlice({ id: 23, name: 'fog' }),
  ),
  'GET baselines': [baseline(), baseline({ name: 'yolo11s', title: 'YOLO11 s', params: 9_400_000 })],
  'GET checkpoints': page(aCheckpoint()),
  'GET checkpoints/{checkpoint_id}/classes': {
    kept: ['car', 'rider'],
    renamed: [],
    new: [],
    dropped: [],
    reordered: false,
  },
  'GET datasets/{dataset_id}/runs': page(),
  'GET checkpoints/{checkpoint_id}/exports': [],
  'GET datasets/{dataset_id}/images/count': ({ query }) => ({ count: query.q?.includes(' and ') ? 0 : 40 }),
}
const RUN = 'POST runs'
const NO_LEAKS = { images: 0, pairs: 0, sequence_images: 0, not_looked_at: 0, link: '/curate/7/leaks' }

async function open(at: string, answers: Answers = {}) {
  const server = serve({
    ...base,
    [RUN]: { ...detail({ id: 72 }), leaks: NO_LEAKS },
    'GET runs/{run_id}': detail(),
    ...answers,
  })
  const drawn = await visit(at)
  await screen.findByLabelText('Name')
  const choose = async (field: string, option: string | RegExp) => {
    await drawn.user.click(screen.getByRole('combobox', { name: field }))
    await drawn.user.click(await screen.findByRole('option', { name: option }))
  }
  return { server, choose, ...drawn }
}

describe('RunForm', () => {
  it('starts a run from the smallest baseline, with nothing sent that is as it stands', async () => {
    const { server, user, address, choose } = await open('/model/7/new?slice=21', {
      'GET runs/{run_id}/metrics': [],
      'GET runs/{run_id}/log': { lines: [], next: 0 },
      'GET datasets/{dataset_id}/runs': page(),
    })
    const start = screen.getByRole('button', { name: 'Start training' })
    fill(screen.getByLabelText('Name'), ' first ')
    expect(start).toHaveProperty('ariaDisabled', 'true')
    await choose('Validation slice', /^test/)
    fill(screen.getByLabelText('epochs'), '20')
    await waitFor(() => expect(start).toHaveProperty('ariaDisabled', null))
    await user.click(start)
    await waitFor(() => expect(address()).toBe('/runs/72'))
    expect(server.only(RUN).body).toEqual({
      dataset: 7,
      name: 'first',
      baseline: 'yolo11n',
      weights: { kind: 'base' },
      train_slices: [21],
      validation_slice: 22,
      settings: { epochs: 20 },
      evaluate: true,
    })
  })

  it('says beforehand what speaks against it: few steps, few images to judge by, images on both sides', async () => {
    const { choose } = await open('/model/7/new?slice=21', {
      'GET datasets/{dataset_id}/images/count': ({ query }) => ({
        count: query.q?.includes(' and ') ? 3 : 40,
      }),
    })
    await choose('Validation slice', /^test/)
    expect((await screen.findByRole('alert')).textContent).toContain('3 images are in a training slice and')
    expect(screen.getByText(/^150 optimiser steps are few/)).toBeTruthy()
    expect(screen.getByText(/^40 validation images give a wide interval/)).toBeTruthy()
  })

  it('offers no slice to judge by that is trained on', async () => {
    const { user } = await open('/model/7/new?slice=21')
    await user.click(screen.getByRole('combobox', { name: 'Validation slice' }))
    const offered = await screen.findAllByRole('option')
    expect(offered.map((one) => one.textContent)).toEqual(['test · 40', 'fog · 40'])
  })

  it('hides the settings that are rarely changed, and says how many are', async () => {
    const { user } = await open('/model/7/new?slice=21')
    await user.click(screen.getByRole('button', { name: '3 more settings' }))
    await user.click(screen.getByRole('switch', { name: /^cosine/ }))
    await user.click(screen.getByRole('button', { name: 'Fewer settings' }))
    expect(screen.getByRole('button', { name: '3 more settings · 1 changed' })).toBeTruthy()
  })

  it('says at the fields what the server refuses', async () => {
    const errors = { name: ['There is a run of this name.'], epochs: ['Give at least 1.'] }
    const { user, choose } = await open('/model/7/new?slice=21', { [RUN]: () => refused(400, { errors }) })
    fill(screen.getByLabelText('Name'), 'first')
    await choose('Validation slice', /^test/)
    await user.click(screen.getByRole('button', { name: 'Start training' }))
    expect((await screen.findAllByText('There is a run of this name.')).length).toBeGreaterThan(0)
    expect(screen.getAllByText('Give at least 1.').length).toBeGreaterThan(0)
  })

  it('trains on with more data from the best weights, and a control beside it', async () => {
    const { server, user } = await open('/model/7/new?parent=71&slice=23', {
      'GET runs/{run_id}/metrics': [],
      'GET runs/{run_id}/log': { lines: [], next: 0 },
      'GET datasets/{dataset_id}/runs': page(),
    })
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('night +')
    await user.click(screen.getByRole('button', { name: 'Start training and control' }))
    await waitFor(() => expect(server.sent(RUN)).toHaveLength(2))
    const [run, control] = server.sent(RUN).map(({ body }) => body)
    expect(run).toMatchObject({
      parent: 71,
      train_slices: [21, 23],
      weights: { kind: 'checkpoint', checkpoint: 61 },
    })
    expect(control).toMatchObject({
      name: 'night + control',
      control_of: 72,
      train_slices: [21],
      revision: 3,
    })
  })

  it('trains the control of a run that has none', async () => {
    const { server, user } = await open('/model/7/new?control_of=71', {
      'GET runs/{run_id}/metrics': [],
      'GET runs/{run_id}/log': { lines: [], next: 0 },
      'GET datasets/{dataset_id}/runs': page(),
    })
    expect(screen.getByText(/^The same training as night/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Start training' }))
    await waitFor(() =>
      expect(server.only(RUN).body).toMatchObject({ control_of: 71, name: 'night control' }),
    )
  })

  it.each([
    ['ultralytics', false],
    ['YOLOv6', true],
  ])('lets networks of %s train on several devices: %s', async (_, several) => {
    const settings = { epochs: 50, batch: 16, devices: 'auto' }
    const { user } = await open('/model/7/new?slice=21', {
      'GET baselines': [baseline({ settings, several_devices: several })],
    })
    await user.click(screen.getByRole('button', { name: /more setting/ }))
    expect(screen.getByLabelText('devices')).toHaveProperty('disabled', !several)
    expect(screen.queryAllByText(/Networks of ultralytics train on one device/)).toHaveLength(several ? 0 : 1)
  })
})
