import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, ScoredCell, ValidationTable } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { aJob, ground } from '../../test/world'
import { ValidationLabels } from './ValidationLabels'

const run = { id: 6, dataset: 7 } as unknown as AutoCurateDetail
const cell = (evaluation: number, ap: number): ScoredCell => ({
  evaluation,
  state: 'succeeded',
  AP: ap,
  interval: { low: ap - 0.02, high: ap + 0.02 },
})
const table: ValidationTable = {
  slice: { id: 21, name: 'val' },
  images: 40,
  old_revision: 3,
  new_revision: 5,
  changed: true,
  rows: [
    { prediction_set: 31, name: 'baseline', old: cell(1, 0.381), new: null },
    { prediction_set: 32, name: 'corrected', old: cell(2, 0.401), new: cell(3, 0.412) },
  ],
  comparison: null,
}
const ROUTE = 'GET auto-curates/{auto_curate_id}/validation-labels'

describe('ValidationLabels', () => {
  it('shows the cells that there are, and asks for those that are missing', async () => {
    const server = serve({ ...ground(), [ROUTE]: { tables: [table] }, 'POST evaluations': aJob() })
    await show(<ValidationLabels run={run} />)
    expect(await screen.findByText('Labels of the validation slice val')).toBeTruthy()
    expect(screen.getByText(/changes the measure, not the checkpoint/)).toBeTruthy()
    expect(screen.getByText('not computed')).toBeTruthy()
    expect(screen.getByRole('link', { name: /41\.2/ }).getAttribute('href')).toBe('/evaluations/3')
    await userEvent.click(screen.getByRole('button', { name: 'Compute the missing cell' }))
    await waitFor(() => expect(server.sent('POST evaluations')).toHaveLength(1))
    expect(server.sent('POST evaluations')[0]?.body).toEqual({ prediction_set: 31, revision: 5, slice: 21 })
  })

  it('then compares the first on the old with the last on the new labels', async () => {
    const full = { ...table, rows: [{ ...table.rows[0]!, new: cell(4, 0.39) }, table.rows[1]!] }
    const server = serve({ ...ground(), [ROUTE]: { tables: [full] }, 'POST comparisons': aJob() as never })
    await show(<ValidationLabels run={run} />)
    await userEvent.click(await screen.findByRole('button', { name: 'Compute the differences' }))
    await waitFor(() => expect(server.sent('POST comparisons')[0]?.body).toEqual({ a: 1, b: 3 }))
  })

  it('has nothing to ask for where no label has changed yet', async () => {
    const same = { ...table, changed: false }
    serve({ ...ground(), [ROUTE]: { tables: [same] } })
    await show(<ValidationLabels run={run} />)
    expect(await screen.findByText(/No label of the slice has changed since r3/)).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('shows nothing of a search elsewhere', async () => {
    serve({ ...ground(), [ROUTE]: { tables: [] } })
    await show(<ValidationLabels run={run} />)
    await waitFor(() => expect(screen.queryByText(/validation slice/)).toBeNull())
  })
})
