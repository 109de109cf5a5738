import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, PickedImage } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { ground, page } from '../../test/world'
import { RareClasses, type RareClassesReport } from './RareClasses'
import { paramsOf } from './StartDialog'

const image = (id: number): PickedImage['image'] => ({
  id,
  key: `drive/${id}.jpg`,
  thumb: `/t/${id}`,
  width: 1280,
  height: 720,
})

const report: RareClassesReport = {
  images: 1,
  looked_at: { images: 900, labelled: 480 },
  asked: [12],
  showing: 87,
  prediction_set: null,
  measure: 'embedding',
  by_reason: { shows_class: 1 },
  left_out: { near_duplicate: 33, sequence: 4 },
  classes: [
    { class_id: 12, labelled: 14, chosen: 3, pool: 120 },
    { class_id: 11, labelled: 999, chosen: 8, pool: 4000 },
  ],
  strata: [],
  sequences: { sequences: 1, most: 1, alone: 0 },
}

const run = { id: 6, dataset: 7, kind: 'rare_classes', report, slices: [] } as unknown as AutoCurateDetail

const pick: PickedImage = {
  image: image(101),
  score: 1,
  parts: { classes: 2, facts: 0.2, novelty: 1 },
  reason: 'It shows 3 of rider, of which there are 14 so far.',
  reason_code: 'shows_class',
  reason_params: { class_name: 'rider', count: 3, there: 14 },
  nearest: { image: image(901), distance: 0.3126, measure: 'embedding' },
}

describe('RareClasses', () => {
  it('shows what was asked for beside what is there, and each image with its reason and neighbour', async () => {
    serve({ ...ground(), 'GET auto-curates/{auto_curate_id}/images': page(pick) as never })
    await show(<RareClasses run={run} />)
    const card = await screen.findByText('It shows 3 of rider, of which there are 14 so far.')
    const item = card.closest('li') as HTMLElement
    expect(within(item).getByText(/Most like it of what is there/)).toBeTruthy()
    expect(screen.getByText('1 of 87 images that show one, among 900; 480 are there')).toBeTruthy()
    expect(screen.getByText('33 near-duplicates, 4 further frames of a sequence')).toBeTruthy()
    const table = screen.getByRole('table', { name: 'Classes' })
    expect(within(table).getByText('120')).toBeTruthy()
    expect(within(table).queryByText('4,000')).toBeNull() // nobody asked for that class
  })

  it('asks for the classes and the slice that were chosen, else leaves both to the platform', () => {
    const draft = { name: '', budget: 50, perSequence: 2, checkpoint: null, classes: ['12'], beside: '3' }
    const whole = draft as unknown as Parameters<typeof paramsOf>[1]
    expect(paramsOf('rare_classes', whole)).toMatchObject({
      budget: 50,
      per_sequence: 2,
      classes: [12],
      beside: 3,
    })
    expect(paramsOf('rare_classes', { ...whole, classes: [], beside: null })).not.toHaveProperty(
      'classes',
      [],
    )
  })
})
