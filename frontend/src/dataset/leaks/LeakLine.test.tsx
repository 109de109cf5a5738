import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { show } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { aJob, ground, noLeaks } from '../../test/world'
import { LeakLine } from './LeakLine'
import type { LeakSides } from './queries'

const SEARCH = 'POST datasets/{dataset_id}/duplicates/search'
const SLICES = { train: [21, 23], validation: 22 }
const twelve = { ...noLeaks, images: 12, training_images: 14, pairs: 15, sequence_images: 1 }
const notCompared = { ...noLeaks, looked: { search: null, not_looked_at: 50, with_embedding: 0, job: null } }

async function open(sides: LeakSides, answers: Answers) {
  const server = serve({ ...ground(), ...answers })
  return { server, ...(await show(<LeakLine dataset={7} sides={sides} />, '/curate/7')) }
}

describe('LeakLine', () => {
  it('says before a run how many validation images have a copy in training, with the way to the pairs', async () => {
    const LEAKS = 'GET datasets/{dataset_id}/leaks'
    const { server } = await open(SLICES, { [LEAKS]: twelve })
    const line = await screen.findByRole('alert')
    expect(line.textContent).toContain('12 validation images have a copy in training.')
    expect(line.textContent).toContain('1 validation image is of a sequence that is trained on.')
    const link = screen.getByRole('link', { name: 'Show the pairs' })
    expect(link.getAttribute('href')).toBe('/curate/7/leaks?train=21,23&validation=22')
    expect(server.only(LEAKS).query).toEqual({ train: '21,23', validation: '22', limit: '1' })
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('says it beside an evaluation', async () => {
    await open({ evaluation: 91 }, { 'GET evaluations/{evaluation_id}/leaks': twelve })
    expect((await screen.findByRole('alert')).textContent).toContain('12 validation images')
    const link = screen.getByRole('link', { name: 'Show the pairs' })
    expect(link.getAttribute('href')).toBe('/curate/7/leaks?evaluation=91')
  })

  it('says what was not compared yet, and has it done', async () => {
    const { server, user } = await open(SLICES, {
      'GET datasets/{dataset_id}/leaks': notCompared,
      [SEARCH]: aJob({ id: 77 }),
    })
    expect(await screen.findByText(/50 pictures have not been compared by sight yet/)).toBeTruthy()
    await user.click(await screen.findByRole('button', { name: 'Compare all pictures' }))
    await waitFor(() => expect(server.sent(SEARCH)).toHaveLength(1))
  })

  it('offers no button to who may not', async () => {
    serve({ ...ground('viewer'), 'GET datasets/{dataset_id}/leaks': notCompared })
    await show(<LeakLine dataset={7} sides={SLICES} />, '/curate/7')
    expect(await screen.findByText(/A manager of the project/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Compare all pictures' })).toBeNull()
  })
})
