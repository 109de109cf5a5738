import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { visit } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { aJob, anEvaluation, ground, page } from '../../test/world'

const run = (id: number, name: string) =>
  anEvaluation({ id, name, prediction_set: { ...anEvaluation().prediction_set, run: { id, name } } })
const three = [run(91, 'night'), run(92, 'night +'), run(93, 'rain')]

async function open(answers: Answers = {}) {
  const server = serve({
    ...ground(),
    'GET datasets/{dataset_id}/evaluations': page(...three),
    'GET datasets/{dataset_id}/comparisons': page(),
    ...answers,
  })
  const drawn = await visit('/curate/7/evaluations')
  await screen.findByRole('row', { name: /rain/ })
  const tick = (name: string) => drawn.user.click(screen.getByRole('checkbox', { name: `Choose ${name}` }))
  return { server, tick, ...drawn }
}

describe('EvaluationsPage', () => {
  it('shows what was judged, on what, with the interval of its figure', async () => {
    await open()
    const row = within(screen.getByRole('row', { name: /night \+/ }))
    expect(row.getByRole('link', { name: 'night +' }).getAttribute('href')).toBe('/evaluations/92')
    expect(row.getByText('test')).toBeTruthy()
    expect(row.getByText('42.3').textContent).toContain('95 % interval 40.0 to 44.0')
  })

  it('compares two that are ticked, the older as the first', async () => {
    const { server, user, tick, address } = await open({
      'POST comparisons': aJob({ id: 51, link: '/jobs/51' }) as never,
      'GET jobs/{job_id}': () => new Promise(() => {}),
    })
    expect(screen.getByRole('button', { name: 'Compare the two' })).toHaveProperty('ariaDisabled', 'true')
    await tick('rain')
    await tick('night')
    await user.click(screen.getByRole('button', { name: 'Compare the two' }))
    await waitFor(() => expect(address()).toBe('/jobs/51'))
    expect(server.only('POST comparisons').body).toEqual({ a: 91, b: 93 })
  })

  it('puts more than two beside each other', async () => {
    const { user, tick, address } = await open({
      'GET evaluations/{evaluation_id}': () => new Promise(() => {}),
    })
    for (const name of ['rain', 'night', 'night +']) await tick(name)
    await user.click(screen.getByRole('button', { name: 'Compare the 3' }))
    await waitFor(() => expect(decodeURIComponent(address())).toBe('/comparisons?of=91,92,93'))
  })

  it('sorts by the figure, and lets one that is not done be opened but not compared', async () => {
    const running = anEvaluation({ id: 94, name: 'fresh', figures: null, interval: null, state: 'running' })
    const better = { ...run(95, 'best'), figures: { ...anEvaluation().figures!, AP: 0.9 } }
    const { user } = await open({ 'GET datasets/{dataset_id}/evaluations': page(...three, running, better) })
    expect(screen.getByRole('checkbox', { name: 'Choose fresh' })).toHaveProperty('disabled', true)
    await user.click(screen.getByRole('button', { name: 'mAP' }))
    const [table] = screen.getAllByRole('table')
    expect(within(table!).getAllByRole('row')[1]!.textContent).toContain('best')
  })

  it('teaches what comes first where nothing was diagnosed', async () => {
    serve({
      ...ground(),
      'GET datasets/{dataset_id}/evaluations': page(),
      'GET datasets/{dataset_id}/comparisons': page(),
    })
    await visit('/curate/7/evaluations')
    expect((await screen.findByRole('link', { name: 'Train a baseline' })).getAttribute('href')).toBe(
      '/model/7/new',
    )
  })
})
