import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { ExportReport } from '../../api/types'
import { fill, show, visit } from '../../test/render'
import { serve } from '../../test/server'
import { aJob, aPredictionSet, aSlice, ground, page } from '../../test/world'
import { ExportDialog } from './ExportDialog'

const EXPORT = 'POST datasets/{dataset_id}/exports'
const base = {
  ...ground(),
  'GET datasets/{dataset_id}/exports': page(),
  'GET datasets/{dataset_id}/prediction-sets': page(aPredictionSet()),
}

const report = (part: Partial<ExportReport> = {}): ExportReport => ({
  format: 'yolo',
  revision: 4,
  images: { exported: 40, files: 0 },
  boxes: { exported: 300, skipped: 0 },
  predictions: null,
  problems: [],
  problems_total: 0,
  download: '/api/v1/exports/51/file',
  size: 2_000_000,
  sha256: 'a'.repeat(64),
  expires_at: '2999-01-01T00:00:00Z',
  ...part,
})
const done = (result: ExportReport) =>
  aJob({
    id: 51,
    kind: 'export',
    title: 'Export rainy',
    state: 'succeeded',
    progress: 1,
    result,
    eta_seconds: null,
  })

describe('ExportsPage', () => {
  it('exports what a query line finds, at a revision, as COCO with predictions', async () => {
    const server = serve({
      ...base,
      [EXPORT]: aJob({ id: 51 }) as never,
      'GET jobs/{job_id}': aJob({ id: 51 }),
    })
    const { user, address } = await visit('/datasets/7/exports')
    await user.click(await screen.findByRole('radio', { name: 'A query line' }))
    fill(screen.getByLabelText('A query line', { selector: 'textarea' }), 'count(rider) >= 1')
    fill(screen.getByLabelText('Revision'), '2')
    await user.click(screen.getByRole('combobox', { name: 'Predictions' }))
    await user.click(await screen.findByRole('option', { name: 'night on test' }))
    await user.click(screen.getByRole('checkbox', { name: /With the image files/ }))
    await user.click(screen.getByRole('button', { name: 'Export' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/exports?job=51'))
    expect(server.only(EXPORT).body).toEqual({
      q: 'count(rider) >= 1',
      format: 'coco',
      revision: 2,
      prediction_set: 41,
      files: true,
      unlabelled: false,
    })
  })

  it('waits for a slice where a slice is to be exported', async () => {
    const server = serve({
      ...base,
      [EXPORT]: aJob({ id: 51 }) as never,
      'GET jobs/{job_id}': aJob({ id: 51 }),
    })
    const { user } = await visit('/datasets/7/exports')
    await user.click(await screen.findByRole('radio', { name: 'A slice' }))
    const start = screen.getByRole('button', { name: 'Export' })
    expect(start).toHaveProperty('ariaDisabled', 'true')
    await user.click(screen.getByRole('combobox', { name: 'A slice' }))
    await user.click(await screen.findByRole('option', { name: 'rainy (40)' }))
    await user.click(start)
    await waitFor(() =>
      expect(server.only(EXPORT).body).toEqual({
        slice: 21,
        format: 'coco',
        files: false,
        unlabelled: false,
      }),
    )
  })

  it('exports several slices, each as a split, guessed by their names', async () => {
    const server = serve({
      ...base,
      'GET datasets/{dataset_id}/slices': page(
        aSlice({ id: 21, name: 'Night train' }),
        aSlice({ id: 22, name: 'Night validation' }),
        aSlice({ id: 23, name: 'rainy' }),
      ),
      [EXPORT]: aJob({ id: 51 }) as never,
      'GET jobs/{job_id}': aJob({ id: 51 }),
    })
    const { user } = await visit('/datasets/7/exports')
    await user.click(await screen.findByRole('radio', { name: 'Slices as splits' }))
    await user.click(screen.getByRole('combobox', { name: 'Test' }))
    expect(
      (await screen.findByRole('option', { name: /Night train/ })).getAttribute('data-combobox-disabled'),
    ).toBe('true')
    await user.click(screen.getByRole('option', { name: /rainy/ }))
    await user.click(screen.getByRole('combobox', { name: 'Format' }))
    await user.click(await screen.findByRole('option', { name: 'KITTI' }))
    await user.click(screen.getByRole('button', { name: 'Export' }))
    await waitFor(() =>
      expect(server.only(EXPORT).body).toEqual({
        splits: [
          { slice: 21, split: 'train' },
          { slice: 22, split: 'val' },
          { slice: 23, split: 'test' },
        ],
        format: 'kitti',
        files: false,
        unlabelled: false,
      }),
    )
  })

  it('shows the file and what the format had no place for', async () => {
    const lost = { file: 'a.jpg', reason: 'Attributes', action: 'skipped' as const, kind: 'attributes' }
    const job = done(report({ problems: [lost], problems_total: 1 }))
    serve({ ...base, 'GET jobs/{job_id}': job })
    await visit('/datasets/7/exports?job=51')
    const file = await screen.findByRole('link', { name: /^Download/ })
    expect(file.getAttribute('href')).toBe('/api/v1/exports/51/file')
    expect(screen.getByRole('heading', { name: '1 thing that the format has no place for' })).toBeTruthy()
    expect(screen.getByRole('row', { name: /Attributes/ }).textContent).toContain('a.jpg')
  })

  it('offers no file that was removed', async () => {
    serve({ ...base, 'GET jobs/{job_id}': done(report({ expires_at: '2020-01-01T00:00:00Z' })) })
    await visit('/datasets/7/exports?job=51')
    expect(await screen.findByText(/^The file was removed/)).toBeTruthy()
    expect(screen.queryByRole('link', { name: /^Download/ })).toBeNull()
  })
})

describe('ExportDialog', () => {
  it('exports chosen images, shows how far it is and leads to all exports', async () => {
    const server = serve({
      ...base,
      [EXPORT]: aJob({ id: 51 }) as never,
      'GET jobs/{job_id}': aJob({ id: 51 }),
    })
    const { user } = await show(
      <ExportDialog dataset={7} source={{ images: [1, 2] }} images={2} close={() => {}} />,
    )
    expect(await screen.findByRole('dialog', { name: 'Export 2 images' })).toBeTruthy()
    await user.click(screen.getByRole('combobox', { name: 'Format' }))
    await user.click(await screen.findByRole('option', { name: 'YOLO' }))
    expect(screen.queryByRole('combobox', { name: 'Predictions' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Export' }))
    expect(await screen.findByText('Epoch 3 of 12')).toBeTruthy()
    expect(server.only(EXPORT).body).toEqual({
      images: [1, 2],
      format: 'yolo',
      files: false,
      unlabelled: false,
    })
    expect(screen.getByRole('link', { name: 'All exports' }).getAttribute('href')).toBe(
      '/datasets/7/exports?job=51',
    )
  })
})
