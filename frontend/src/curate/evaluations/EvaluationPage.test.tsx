import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import type { EvaluationDetail, WeakSlice } from '../../api/types'
import { fill, show } from '../../test/render'
import { type Answers, serve } from '../../test/server'
import { anEvaluation, aSlice, ground } from '../../test/world'
import { ClassTable } from './ClassTable'
import { ControlBar } from './ControlBar'
import { ControlsContext, useBoxes, useControls } from './useControls'
import { WeakSlices } from './WeakSlices'

const counted = { tp: 8, fp: 2, fn: 3, precision: 0.8, recall: 0.727, f1: 0.762 }
const evaluation: EvaluationDetail = {
  ...anEvaluation(),
  per_class: [
    { class_id: 11, AP: 0.5, AP50: 0.7, AR: 0.6, interval: { low: 0.45, high: 0.55 }, gt: 9, ...counted },
    { class_id: 12, AP: 0.1, AP50: 0.2, AR: 0.3, interval: { low: null, high: null }, gt: 30, ...counted },
  ],
}

const AT = 'GET evaluations/{evaluation_id}/at'
const base = {
  ...ground(),
  [AT]: {
    conf: 0.25,
    iou: 0.5,
    counts: { tp: 200, fp: 30, fn: 60, images: 40, boxes: 260 },
    per_class: [
      { class_id: 11, gt: 9, ...counted, errors: [] },
      { class_id: 12, gt: 30, ...counted, errors: [] },
    ],
    confusion: { class_ids: [], matrix: [] },
    errors: [],
    overlaps: { edges: [], counts: [] },
  },
  'GET evaluations/{evaluation_id}/over-confidence': {
    confidence: { conf: [], best: 0.41, mean: {}, classes: [{ class_id: 11, best: 0.33 }] },
  } as never,
} satisfies Answers

/** A part of an evaluation's page, at the point that its address says. */
function OnPage({ children }: { children: ReactNode }) {
  const [controls, set] = useControls(evaluation)
  const boxes = useBoxes(evaluation, controls)
  return (
    <ControlsContext.Provider value={{ evaluation, controls, set, boxes }}>
      {children}
    </ControlsContext.Provider>
  )
}

async function open(part: ReactNode, answers: Answers = {}, at = '/evaluations/91') {
  const server = serve({ ...base, ...answers })
  return { server, ...(await show(<OnPage>{part}</OnPage>, at)) }
}

describe('ControlBar', () => {
  it('judges anew where the slider is let go, and keeps the point in the address', async () => {
    const { server, address } = await open(<ControlBar />)
    const slider = await screen.findByRole('slider', { name: 'Confidence' })
    expect(slider.getAttribute('aria-valuenow')).toBe('0.25')
    fireEvent.keyDown(slider, { key: 'ArrowRight' })
    await waitFor(() => expect(address()).toBe('/evaluations/91?conf=0.26'))
    await waitFor(() => expect(server.sent(AT).at(-1)?.query).toEqual({ conf: '0.26', iou: '0.5' }))
  })

  it('goes to the best point, and back to where it was judged', async () => {
    const { user, address } = await open(<ControlBar />)
    expect(await screen.findByRole('button', { name: 'As judged' })).toHaveProperty('ariaDisabled', 'true')
    await user.click(await screen.findByRole('button', { name: 'Best F1: 0.41' }))
    await waitFor(() => expect(address()).toContain('conf=0.41'))
    await user.click(screen.getByRole('button', { name: 'As judged' }))
    await waitFor(() => expect(address()).toContain('conf=0.25'))
  })

  it('leads from each count to its boxes: those kept where it was judged so, else judged on the way', async () => {
    const { unmount } = await open(<ControlBar />)
    const link = await screen.findByRole('link', { name: /^60\s*missed/ })
    expect(link.getAttribute('href')).toBe('/datasets/7?view=objects&evaluation=91&verdicts=fn')
    unmount()
    await open(<ControlBar />, {}, '/evaluations/91?conf=0.6')
    const other = await screen.findByRole('link', { name: /^60\s*missed/ })
    expect(other.getAttribute('href')).toBe('/evaluations/91/boxes?conf=0.6&iou=0.5&verdicts=fn')
  })
})

describe('ClassTable', () => {
  it('has the class with most boxes first; a row chooses its class, and again lets it go', async () => {
    const { user, address } = await open(<ClassTable />)
    const cells = async () => within(await screen.findByRole('row', { name: /car/ })).getAllByRole('cell')
    await cells()
    const names = screen.getAllByRole('row').map((row) => within(row).queryAllByRole('cell')[0]?.textContent)
    expect(names.slice(1)).toEqual(['rider', 'car'])
    await user.click((await cells())[0]!)
    await waitFor(() => expect(address()).toContain('class=11'))
    await user.click((await cells())[0]!)
    await waitFor(() => expect(address()).not.toContain('class='))
  })

  it('opens the boxes behind a count, and judges everything at the best confidence of a class', async () => {
    const { user, address } = await open(<ClassTable />)
    const link = await screen.findByRole('link', { name: 'car: missed 3' })
    expect(link.getAttribute('href')).toBe('/datasets/7?view=objects&evaluation=91&verdicts=fn&classes=11')
    await user.click(await screen.findByRole('button', { name: '0.33' }))
    await waitFor(() => expect(address()).toContain('conf=0.33'))
  })

  it('gives the averages of the part that the page is narrowed to', async () => {
    const FIGURES = 'GET evaluations/{evaluation_id}/figures'
    const part = {
      per_class: [{ ...evaluation.per_class![0]!, AP: 0.9, interval: { low: null, high: null } }],
    }
    const { server } = await open(<ClassTable />, { [FIGURES]: part as never }, '/evaluations/91?q=fog')
    expect((await screen.findByRole('row', { name: /car/ })).textContent).toContain('90.0')
    expect(server.only(FIGURES).query).toEqual({ q: 'fog' })
  })
})

describe('WeakSlices', () => {
  const ROUTE = 'GET evaluations/{evaluation_id}/weak-slices'
  const weak: WeakSlice = {
    place: 2,
    facts: [{ name: 'weather', label: 'fog', low: null, high: null, q: 'weather = "fog"' }],
    class_id: 12,
    measure: 'recall',
    value: 0.412,
    rest: 0.67,
    difference: -0.258,
    low: -0.35,
    high: -0.16,
    q_value: 0.01,
    boxes: 90,
    images: 30,
    q: 'weather = "fog"',
  }

  it('says where it is worse, narrows the page to it and makes a slice of it', async () => {
    const MAKE = 'POST evaluations/{evaluation_id}/weak-slices/make-slice'
    const { server, user, address } = await open(<WeakSlices />, {
      [ROUTE]: { found: [weak], job: null, error: null },
      [MAKE]: aSlice({ id: 30, name: 'fog', image_count: 30 }),
    })
    expect(await screen.findByText(/of rider is 41\.2 .* against 67\.0 elsewhere/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Narrow the page' }))
    await waitFor(() => expect(address()).toContain('?q='))
    await user.click(await screen.findByRole('button', { name: 'Make slice of 30 images' }))
    fill(await screen.findByLabelText('Name'), 'fog')
    await user.click(screen.getByRole('button', { name: 'Make slice' }))
    const link = await screen.findByRole('link', { name: 'Open the slice' })
    expect(link.getAttribute('href')).toBe('/datasets/7/slices/30')
    expect(server.only(MAKE).body).toEqual({ place: 2, name: 'fog' })
  })

  it('says that nothing is shown to be worse', async () => {
    await open(<WeakSlices />, { [ROUTE]: { found: [], job: null, error: null } })
    expect(await screen.findByText(/^No group of images or objects is shown/)).toBeTruthy()
  })
})
