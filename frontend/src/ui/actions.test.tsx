import { fireEvent, render } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { type Action, ActionRegistry, ActionsProvider, useActions } from './actions'

const action = (id: string, keys: string, more: Partial<Action> = {}): Action => ({
  id,
  label: id,
  keys,
  perform: vi.fn(),
  ...more,
})

describe('ActionRegistry', () => {
  it('lists what the frame offers after what the page offers, whenever it came', () => {
    const registry = new ActionRegistry()
    registry.set(Symbol('frame'), [action('home', 'h')], true)
    registry.set(Symbol('page'), [action('save', 's')])
    expect(registry.list().map(({ id }) => id)).toEqual(['save', 'home'])
  })

  it('gives a key to the page before the frame, and never to what is disabled or bound elsewhere', () => {
    const registry = new ActionRegistry()
    registry.set(Symbol('frame'), [action('frame', 'n')], true)
    registry.set(Symbol('page'), [
      action('off', 'n', { disabled: true }),
      action('shown', 'n', { bound: false }),
      action('page', 'n'),
    ])
    expect(registry.find('n')?.id).toBe('page')
  })
})

function Offers({ actions }: { actions: Action[] }) {
  useActions(actions)
  return <input aria-label="field" />
}

describe('keys', () => {
  it('perform an action, also in two strokes', () => {
    const [save, go] = [action('save', 's'), action('go', 'g i')]
    render(
      <ActionsProvider>
        <Offers actions={[save, go]} />
      </ActionsProvider>,
    )
    fireEvent.keyDown(window, { key: 's' })
    expect(save.perform).toHaveBeenCalledTimes(1)
    fireEvent.keyDown(window, { key: 'g' })
    fireEvent.keyDown(window, { key: 'i' })
    expect(go.perform).toHaveBeenCalledTimes(1)
  })

  it('belong to the field that one types in', () => {
    const save = action('save', 's')
    const { getByLabelText } = render(
      <ActionsProvider>
        <Offers actions={[save]} />
      </ActionsProvider>,
    )
    fireEvent.keyDown(getByLabelText('field'), { key: 's' })
    expect(save.perform).not.toHaveBeenCalled()
  })

  it('perform the newest handler without registering again', () => {
    const [first, second] = [vi.fn(), vi.fn()]
    const { rerender } = render(
      <ActionsProvider>
        <Offers actions={[action('save', 's', { perform: first })]} />
      </ActionsProvider>,
    )
    rerender(
      <ActionsProvider>
        <Offers actions={[action('save', 's', { perform: second })]} />
      </ActionsProvider>,
    )
    fireEvent.keyDown(window, { key: 's' })
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledTimes(1)
  })
})
