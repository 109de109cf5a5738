import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, visit } from '../test/render'
import { refused, serve } from '../test/server'
import { aDataset, aJob, aMe, aProject, ground, page } from '../test/world'

const key = (name: string, more = {}) => fireEvent.keyDown(document.body, { key: name, ...more })
const classes = {
  'GET datasets/{dataset_id}/facets': { classes: [], metadata: [], slices: [], tags: [], label_states: [] },
}

describe('the palette', () => {
  const open = async () => {
    serve({ ...ground(), ...classes })
    const drawn = await visit('/datasets/7/classes')
    await screen.findByRole('row', { name: /car/ })
    key('k', { ctrlKey: true })
    const field = await screen.findByRole('combobox', { name: 'Search and commands' })
    const offered = () => screen.getAllByRole('option').map((one) => one.textContent)
    return { field, offered, ...drawn }
  }

  it('goes to a place by a few letters', async () => {
    const { field, offered, address } = await open()
    fill(field, 'jobs')
    expect(offered()[0]).toMatch(/^Jobs/)
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(address()).toBe('/jobs'))
    expect(screen.queryByRole('combobox', { name: 'Search and commands' })).toBeNull()
  })

  it('finds slices and datasets by their names', async () => {
    serve({ ...ground(), ...classes })
    const { field, user, address } = await open()
    fill(field, 'rainy')
    await user.click(await screen.findByRole('option', { name: 'rainy' }))
    await waitFor(() => expect(address()).toBe('/datasets/7/slices/21'))
  })

  it('walks the list with the arrow keys, round at its ends', async () => {
    const { field, offered } = await open()
    fill(field, 'theme')
    expect(offered()).toEqual(['Light theme'])
    fill(field, 'label')
    const all = offered()
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    expect(screen.getByRole('option', { selected: true }).textContent).toBe(all.at(-1))
    fireEvent.keyDown(field, { key: 'ArrowDown' })
    expect(screen.getByRole('option', { selected: true }).textContent).toBe(all[0])
  })

  it('says that nothing is called so', async () => {
    const { field } = await open()
    fill(field, 'zebra')
    expect(screen.getByText('Nothing here is called “zebra”.')).toBeTruthy()
  })
})

describe('keys', () => {
  it('lead to places, and are shown by a question mark', async () => {
    serve({ ...ground(), ...classes })
    const { address } = await visit('/datasets/7/classes')
    await screen.findByRole('row', { name: /car/ })
    key('?')
    expect((await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).textContent).toContain(
      'Slices',
    )
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    key('g')
    key('s')
    await waitFor(() => expect(address()).toBe('/datasets/7/slices'))
  })
})

describe('the top line', () => {
  it('leads through project and dataset, and switches between their siblings', async () => {
    serve({
      ...ground(),
      ...classes,
      'GET datasets': page(aDataset(), aDataset({ id: 8, name: 'Day drives' })),
    })
    const { user } = await visit('/datasets/7/classes')
    expect((await screen.findByRole('link', { name: 'Roads' })).getAttribute('href')).toBe('/projects/3')
    await user.click(await screen.findByRole('button', { name: 'Switch from Night drives' }))
    const other = await screen.findByRole('menuitem', { name: /Day drives/ })
    expect(other.getAttribute('href')).toBe('/datasets/8')
  })

  it('says what runs, and stops it', async () => {
    const running = aJob()
    const server = serve({
      ...ground(),
      'GET jobs': ({ query }) => (query.state === 'running' ? page(running) : page()),
      'POST jobs/{job_id}/cancel': { ...running, cancel_requested: true },
    })
    const { user } = await visit('/')
    await user.click(await screen.findByRole('button', { name: /1 job running: Train night/ }))
    await waitFor(() => expect(document.title).toMatch(/^25% /))
    await user.click(await screen.findByRole('button', { name: 'Cancel: Train night' }))
    await waitFor(() => expect(server.only('POST jobs/{job_id}/cancel').params).toEqual({ job_id: '31' }))
  })

  it('says once that a dataset is not there, and forgets it', async () => {
    localStorage.setItem('halfday.dataset', '99')
    serve({ ...ground(), ...classes, 'GET datasets/{dataset_id}': () => refused(404, {}) })
    await visit('/datasets/99/classes')
    expect(await screen.findByText('Not here')).toBeTruthy()
    await waitFor(() => expect(localStorage.getItem('halfday.dataset')).toBeNull())
    const rail = within(screen.getByRole('navigation', { name: 'Places' }))
    expect(rail.getByRole('link', { name: 'Curate' }).getAttribute('href')).toBe('/')
  })
})

describe('the rail', () => {
  it('leads to the products of the dataset that was open last', async () => {
    serve({ ...ground(), ...classes })
    await visit('/datasets/7/classes')
    const rail = within(await screen.findByRole('navigation', { name: 'Places' }))
    await waitFor(() =>
      expect(rail.getByRole('link', { name: 'Label' }).getAttribute('href')).toBe('/label/7'),
    )
    expect(rail.getByRole('link', { name: 'Datasets' }).getAttribute('aria-current')).toBeTruthy()
    expect(rail.getByRole('link', { name: 'Curate' }).getAttribute('aria-current')).toBeNull()
    expect(rail.queryByRole('link', { name: 'Admin' })).toBeNull()
  })

  it('changes the language at once and tells the server', async () => {
    const server = serve({
      ...ground(),
      'GET auth/me': aMe({ is_admin: true }),
      'PATCH auth/me': ({ body }) => aMe(body),
      'GET projects': [aProject()],
    })
    const { user } = await visit('/')
    expect(await screen.findByRole('link', { name: 'Admin' })).toBeTruthy()
    await user.click(screen.getByRole('button', { name: /Alice/ }))
    await user.click(await screen.findByRole('menuitem', { name: '한국어' }))
    expect(await screen.findByRole('link', { name: '데이터셋' })).toBeTruthy()
    await user.click(screen.getByRole('button', { name: /Alice/ }))
    await user.click(await screen.findByRole('menuitem', { name: 'English' }))
    expect(await screen.findByRole('link', { name: 'Datasets' })).toBeTruthy()
    expect(server.sent('PATCH auth/me').map(({ body }) => body)).toEqual([
      { language: 'ko' },
      { language: 'en' },
    ])
  })

  it('logs out', async () => {
    const server = serve({ ...ground(), 'POST auth/logout': undefined })
    const { user, address } = await visit('/')
    await user.click(await screen.findByRole('button', { name: /Alice/ }))
    server.answer({ 'GET auth/me': () => refused(401) })
    await user.click(await screen.findByRole('menuitem', { name: 'Log out' }))
    await waitFor(() => expect(address()).toBe('/login'))
    expect(server.sent('POST auth/logout')).toHaveLength(1)
  })
})
