import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, show } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aJob, anEvaluation, aRun, ground, noSources, page } from '../../test/world'
import { StartDialog } from './StartDialog'

const START = 'POST datasets/{dataset_id}/auto-curate'
const job = aJob({ id: 51, link: '/curate/7/auto/6' })

describe('StartDialog', () => {
  it('splits what a query line finds in a slice, and goes to the run', async () => {
    const server = serve({ ...ground(), [START]: job as never })
    const { user, address } = await show(<StartDialog dataset={7} kind="split" slice={21} close={() => {}} />)
    fill(await screen.findByLabelText('Only images that match'), ' count(rider) >= 1 ')
    fill(screen.getByLabelText('Second slice'), 'val')
    fill(screen.getByLabelText("First side's part"), '70')
    await user.click(screen.getByRole('button', { name: 'Split' }))
    await waitFor(() => expect(address()).toBe('/curate/7/auto/6'))
    expect(server.only(START).body).toEqual({
      kind: 'split',
      slice: 21,
      q: 'count(rider) >= 1',
      params: { names: ['train', 'val'], ratio: 0.7, sources: true, sight: true },
    })
  })

  it('shows which sources the names tell of before it splits, and leaves them where one says so', async () => {
    const found = {
      naming: 'roboflow' as const,
      images: 240,
      sources: 40,
      largest: 6,
      example: 'site07',
      example_names: ['train/site07_jpg.rf.1a.jpg'],
    }
    const told = { ...noSources, images: 240, named: 240, sources: 40, to_keep: 240, found: [found] }
    const server = serve({ ...ground(), 'GET datasets/{dataset_id}/sources': told, [START]: job as never })
    const { user } = await show(<StartDialog dataset={7} kind="split" close={() => {}} />)
    expect(await screen.findByText(/240 images look like 40 sources × 6/)).toBeTruthy()
    expect(screen.getByText('site07_jpg.rf.1a.jpg')).toBeTruthy()
    await user.click(screen.getByRole('switch', { name: /Keep the images of one source together/ }))
    await user.click(screen.getByRole('button', { name: 'Split' }))
    await waitFor(() => expect(server.only(START).body.params).toMatchObject({ sources: false, sight: true }))
  })

  it('looks for mislabels with networks of its own', async () => {
    const server = serve({ ...ground(), [START]: job as never })
    const { user } = await show(<StartDialog dataset={7} kind="mislabels" close={() => {}} />)
    fill(await screen.findByLabelText('Folds'), '3')
    await user.click(screen.getByRole('switch', { name: /Look inside the boxes/ }))
    await user.click(screen.getByRole('button', { name: 'Find mislabels' }))
    await waitFor(() =>
      expect(server.only(START).body).toEqual({
        kind: 'mislabels',
        params: { folds: 3, crops: false, epochs: 20, imgsz: 320, weights: { kind: 'base' } },
      }),
    )
  })

  it('needs a checkpoint to find edge cases, of the runs that have trained', async () => {
    const server = serve({
      ...ground(),
      [START]: job as never,
      'GET datasets/{dataset_id}/runs': page(aRun(), aRun({ id: 72, name: 'new', checkpoints: [] })) as never,
    })
    const { user } = await show(<StartDialog dataset={7} kind="edge_cases" close={() => {}} />)
    const start = await screen.findByRole('button', { name: 'Find edge cases' })
    expect(start).toHaveProperty('ariaDisabled', 'true')
    await user.click(screen.getByRole('combobox', { name: 'Checkpoint' }))
    const offered = await screen.findAllByRole('option')
    expect(offered.map((one) => one.textContent)).toEqual(['night'])
    await user.click(offered[0]!)
    await user.click(start)
    await waitFor(() => expect(server.only(START).body.params).toEqual({ budget: 100, checkpoint: 61 }))
  })

  it('chooses what to label with a checkpoint and the weak classes of an evaluation', async () => {
    const server = serve({
      ...ground(),
      [START]: job as never,
      'GET datasets/{dataset_id}/runs': page(aRun()) as never,
      'GET datasets/{dataset_id}/evaluations': page(
        anEvaluation(),
        anEvaluation({ id: 92, name: 'still computing', state: 'running' }),
      ) as never,
    })
    const { user } = await show(<StartDialog dataset={7} kind="label_selection" close={() => {}} />)
    await user.click(await screen.findByRole('combobox', { name: 'Checkpoint' }))
    await user.click(await screen.findByRole('option', { name: 'night' }))
    await user.click(screen.getByRole('combobox', { name: 'Weak classes by' }))
    expect(screen.queryByRole('option', { name: 'still computing' })).toBeNull()
    await user.click(await screen.findByRole('option', { name: 'night on test, revision 4' }))
    fill(screen.getByLabelText('Images at most'), '40')
    fill(screen.getByLabelText('Of one sequence at most'), '2')
    await user.click(screen.getByRole('button', { name: 'Choose images' }))
    await waitFor(() =>
      expect(server.only(START).body).toEqual({
        kind: 'label_selection',
        params: { budget: 40, per_sequence: 2, checkpoint: 61, evaluation: 91 },
      }),
    )
  })

  it('chooses what to label without a checkpoint', async () => {
    const server = serve({
      ...ground(),
      [START]: job as never,
      'GET datasets/{dataset_id}/runs': page() as never,
      'GET datasets/{dataset_id}/evaluations': page() as never,
    })
    const { user } = await show(<StartDialog dataset={7} kind="label_selection" close={() => {}} />)
    await user.click(await screen.findByRole('button', { name: 'Choose images' }))
    await waitFor(() => expect(server.only(START).body.params).toEqual({ budget: 100, per_sequence: 1 }))
  })

  it('says at the query line what is wrong with it', async () => {
    serve({
      ...ground(),
      [START]: () => refused(400, { detail: 'q: No.', errors: { q: ['No such field.'] } }),
    })
    const { user } = await show(<StartDialog dataset={7} kind="split" close={() => {}} />)
    await user.click(await screen.findByRole('button', { name: 'Split' }))
    expect(await screen.findByText('No such field.')).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
