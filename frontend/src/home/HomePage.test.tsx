import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, show } from '../test/render'
import { refused, serve } from '../test/server'
import { aDataset, aProject, ground, page } from '../test/world'
import { HomePage } from './HomePage'

describe('HomePage', () => {
  it('shows the datasets of each project, and what one may do there', async () => {
    serve({
      ...ground(),
      'GET projects': [aProject(), aProject({ id: 4, name: 'Harbour', role: 'viewer' })],
    })
    await show(<HomePage />)
    const roads = within(await screen.findByRole('region', { name: 'Roads' }))
    expect(roads.getByText('Night drives')).toBeTruthy()
    const harbour = within(screen.getByRole('region', { name: 'Harbour' }))
    expect(harbour.getByText('you are viewer')).toBeTruthy()
    expect(harbour.getByText(/A manager can make one/)).toBeTruthy()
  })

  it('teaches the first step where one is in no project', async () => {
    serve({ 'GET projects': [], 'GET datasets': page() })
    const { user } = await show(<HomePage />)
    expect(await screen.findByText('You are in no project yet')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'New dataset' })).toBeNull()
    await user.click(screen.getAllByRole('button', { name: 'New project' })[1]!)
    expect(await screen.findByRole('dialog', { name: 'New project' })).toBeTruthy()
  })

  it('makes a project and goes there', async () => {
    const server = serve({ ...ground(), 'POST projects': aProject({ id: 9, name: 'Harbour' }) })
    const { user, address } = await show(<HomePage />)
    await user.click(await screen.findByRole('button', { name: 'New project' }))
    const name = await screen.findByLabelText('Name')
    fill(name, ' Harbour ')
    await user.type(name, '{Enter}')
    await waitFor(() => expect(address()).toBe('/projects/9'))
    expect(server.only('POST projects').body).toEqual({ name: 'Harbour' })
  })

  it('makes a dataset in the project that is chosen and goes on to the import', async () => {
    const server = serve({
      ...ground(),
      'GET projects': [aProject(), aProject({ id: 4, name: 'Harbour', role: 'manager' })],
      'POST datasets': aDataset({ id: 8 }),
    })
    const { user, address } = await show(<HomePage />)
    await user.click((await screen.findAllByRole('button', { name: 'New dataset' }))[0]!)
    const dialog = within(await screen.findByRole('dialog'))
    const send = dialog.getByRole('button', { name: 'Create and import' })
    expect(send).toHaveProperty('ariaDisabled', 'true')
    fill(dialog.getByLabelText('Name'), 'Cranes')
    fill(dialog.getByLabelText('Description'), 'By day')
    await user.click(dialog.getByRole('combobox', { name: 'Project' }))
    await user.click(await screen.findByRole('option', { name: 'Harbour' }))
    await user.click(send)
    await waitFor(() => expect(address()).toBe('/datasets/8/imports'))
    expect(server.only('POST datasets').body).toEqual({ project: 4, name: 'Cranes', description: 'By day' })
  })

  it('renames a dataset, and says in the dialog why that was refused', async () => {
    const server = serve({
      ...ground(),
      'PATCH datasets/{dataset_id}': () => refused(409, { title: 'Taken', detail: 'There is a Day drives.' }),
    })
    const { user } = await show(<HomePage />)
    await user.click(await screen.findByRole('button', { name: 'More for Night drives' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Rename and describe' }))
    const dialog = within(await screen.findByRole('dialog'))
    const name = dialog.getByLabelText<HTMLInputElement>('Name')
    expect(name.value).toBe('Night drives')
    fill(name, 'Day drives')
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    expect(await dialog.findByText('There is a Day drives.')).toBeTruthy()
    server.answer({ 'PATCH datasets/{dataset_id}': aDataset({ name: 'Day drives' }) })
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(server.sent('PATCH datasets/{dataset_id}')[1]?.body).toEqual({
      name: 'Day drives',
      description: '',
    })
  })

  it('deletes a dataset only once its name is typed', async () => {
    const server = serve({ ...ground(), 'DELETE datasets/{dataset_id}': undefined })
    const { user } = await show(<HomePage />)
    await user.click(await screen.findByRole('button', { name: 'More for Night drives' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Delete the dataset' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByText(/120 images, 4 revisions/)).toBeTruthy()
    const send = dialog.getByRole('button', { name: 'Delete the dataset' })
    const field = dialog.getByLabelText('Type Night drives to confirm')
    fill(field, 'night drives')
    expect(send).toHaveProperty('ariaDisabled', 'true')
    await user.type(field, '{Enter}')
    expect(server.sent('DELETE datasets/{dataset_id}')).toEqual([])
    fill(field, 'Night drives')
    await user.click(send)
    expect(await screen.findByText('Night drives is deleted.')).toBeTruthy()
    expect(server.only('DELETE datasets/{dataset_id}').params).toEqual({ dataset_id: '7' })
  })
})
