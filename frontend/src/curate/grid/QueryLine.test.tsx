import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { fill, show } from '../../test/render'
import { serve } from '../../test/server'
import { QueryLine } from './QueryLine'

const CHECK = 'GET datasets/{dataset_id}/query/check'
const filter = (q = '') => ({ dataset: 7, q, evaluation: null })
const completions = { fields: [], classes: ['car'], slices: [], splits: [], tags: [], functions: [] }

describe('QueryLine', () => {
  it('applies the line by Enter, without the space around it', async () => {
    serve({ [CHECK]: { ok: true, error: null } })
    const apply = vi.fn()
    await show(<QueryLine filter={filter()} apply={apply} />)
    const line = await screen.findByRole('textbox', { name: 'Query' })
    fill(line, ' weather = "rainy" ')
    fireEvent.keyDown(line, { key: 'Enter' })
    expect(apply).toHaveBeenCalledWith('weather = "rainy"')
  })

  it('says what is wrong and what could stand there, and applies nothing meanwhile', async () => {
    const error = { message: 'No such field.', line: 1, column: 1, expected: ['weather', 'count'] }
    const server = serve({ [CHECK]: { ok: false, error } })
    const apply = vi.fn()
    await show(<QueryLine filter={filter()} apply={apply} />)
    const line = await screen.findByRole('textbox', { name: 'Query' })
    fill(line, 'wether = 1')
    const note = await screen.findByRole('alert')
    expect(note.textContent).toBe('No such field. Possible here: weather, count')
    fireEvent.keyDown(line, { key: 'Enter' })
    expect(apply).not.toHaveBeenCalled()
    expect(server.only(CHECK).query).toEqual({ q: 'wether = 1' })
  })

  it('asks once a line has rested, not at every letter', async () => {
    const server = serve({ [CHECK]: { ok: true, error: null } })
    await show(<QueryLine filter={filter()} apply={() => {}} />)
    const line = await screen.findByRole('textbox', { name: 'Query' })
    for (const text of ['c', 'ca', 'car']) fill(line, text)
    await waitFor(() => expect(server.sent(CHECK)).toHaveLength(1))
    expect(server.only(CHECK).query.q).toBe('car')
  })

  it('is emptied by one button', async () => {
    serve({ [CHECK]: { ok: true, error: null } })
    const apply = vi.fn()
    const { user } = await show(<QueryLine filter={filter('fog')} apply={apply} />)
    await user.click(await screen.findByRole('button', { name: 'Clear the query' }))
    expect(apply).toHaveBeenCalledWith('')
    expect(screen.queryByRole('button', { name: 'Clear the query' })).toBeNull()
  })

  it('becomes an editor with the first focus, which keeps the text and applies it too', async () => {
    serve({ [CHECK]: { ok: true, error: null }, 'GET datasets/{dataset_id}/query/completions': completions })
    const apply = vi.fn()
    const { container } = await show(<QueryLine filter={filter('any(car)')} apply={apply} />)
    fireEvent.focus(await screen.findByRole('textbox', { name: 'Query' }))
    await waitFor(() => expect(container.querySelector('.cm-content')?.textContent).toBe('any(car)'))
    fireEvent.keyDown(container.querySelector('.cm-content')!, { key: 'Enter', keyCode: 13 })
    expect(apply).toHaveBeenCalledWith('any(car)')
  })
})
