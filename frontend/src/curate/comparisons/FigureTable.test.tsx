import { screen, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Comparison, Delta, EvaluationDetail } from '../../api/types'
import { show } from '../../test/render'
import { anEvaluation, car } from '../../test/world'
import { FigureTable } from './FigureTable'
import { figureRows } from './figureRows'

const detail = (id: number, name: string, AP: number): EvaluationDetail => ({
  ...anEvaluation({ id, name }),
  prediction_set: { ...anEvaluation().prediction_set, run: { id, name } },
  figures: { ...anEvaluation().figures!, AP },
  per_class: [
    {
      class_id: 11,
      AP,
      AP50: 0.6,
      AR: 0.5,
      interval: { low: null, high: null },
      gt: 9,
      tp: 5,
      fp: 1,
      fn: 4,
      precision: 0.8,
      recall: 0.5,
      f1: 0.6,
    },
  ],
})

const delta = (value: number, verdict: Delta['verdict']): Delta =>
  ({ a: 0.4, b: 0.4 + value, value, low: value - 0.01, high: value + 0.01, p: 0.01, verdict }) as Delta

const comparison = {
  id: 5,
  delta: { mAP: delta(0.05, 'proven'), mAP50: delta(-0.02, 'not_shown') },
  per_class: [{ class_id: 11, gt: 9, ...delta(0.04, 'regressed') }],
} as unknown as Comparison

const look = { name: '', colour: '#123456', dashed: false, own: true }

async function open() {
  const setIds = vi.fn()
  const evaluations = [detail(91, 'night', 0.4), detail(92, 'night +', 0.45), detail(93, 'rain', 0.41)]
  const drawn = await show(
    <FigureTable
      rows={figureRows([car])}
      evaluations={evaluations}
      comparisons={new Map([[92, comparison]])}
      looks={[look, look, look]}
      setIds={setIds}
    />,
  )
  return { setIds, ...drawn }
}

const row = (name: string) => within(screen.getByRole('rowheader', { name }).closest('tr')!)

describe('FigureTable', () => {
  it('says below each figure what it gained over the first, and whether that is shown', async () => {
    await open()
    const cells = (await screen.findByRole('rowheader', { name: 'mAP' }))
      .closest('tr')!
      .querySelectorAll('td')
    expect(cells[0]!.textContent).toContain('40.0')
    expect(cells[1]!.textContent).toContain('45.0')
    expect(cells[1]!.textContent).toContain('+5.0')
    expect(cells[1]!.textContent).toContain('proven')
    expect(cells[2]!.textContent).toContain('·')
    expect(row('mAP50').getByText(/not shown/)).toBeTruthy()
    expect(row('car').getByText(/regressed/)).toBeTruthy()
  })

  it('leads to the comparison where there is one, and says where there is none', async () => {
    await open()
    const heads = await screen.findAllByRole('columnheader')
    expect(
      within(heads[1]!)
        .getAllByRole('link')
        .map((one) => one.getAttribute('href')),
    ).toEqual(['/evaluations/92', '/comparisons/5'])
    expect(within(heads[2]!).getAllByRole('link')).toHaveLength(1)
  })

  it('changes places and takes one out', async () => {
    const { user, setIds } = await open()
    await user.click(await screen.findByRole('button', { name: 'Move left: night + · r4' }))
    await user.click(screen.getByRole('button', { name: 'Remove: rain · r4' }))
    expect(setIds.mock.calls).toEqual([[[92, 91, 93]], [[91, 92]]])
  })
})
