import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, visit } from '../../test/render'
import { refused, serve } from '../../test/server'
import { aDataset, car, ground } from '../../test/world'

const counted = {
  'GET datasets/{dataset_id}/attributes/suggested': [],
  'GET datasets/{dataset_id}/facets': {
    classes: [{ class_id: 11, name: 'car', images: 90, boxes: 1200 }],
    metadata: [],
    slices: [],
    tags: [],
  } as never,
}
const PATCH = 'PATCH classes/{class_id}'

describe('ClassesPage', () => {
  it('says how often each class occurs, and leads to its images', async () => {
    serve({ ...ground('viewer'), ...counted })
    await visit('/datasets/7/classes')
    const link = await screen.findByRole('link', { name: '90' })
    expect(link.getAttribute('href')).toBe('/datasets/7?q=any(car)')
    expect(screen.getByText('1,200')).toBeTruthy()
    expect(screen.queryByLabelText('Name of car')).toBeNull()
  })

  it('saves a name when one leaves it, not while one types; Escape puts it back', async () => {
    const server = serve({ ...ground(), ...counted, [PATCH]: { ...car, name: 'vehicle' } })
    const { user } = await visit('/datasets/7/classes')
    const field = await screen.findByLabelText<HTMLInputElement>('Name of car')
    fill(field, 'van')
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(field.value).toBe('car')
    await user.click(field)
    fill(field, 'vehicle')
    expect(server.sent(PATCH)).toEqual([])
    await user.keyboard('{Enter}')
    await waitFor(() => expect(server.only(PATCH).body).toEqual({ name: 'vehicle' }))
    expect(server.only(PATCH).params).toEqual({ class_id: '11' })
  })

  it('takes a key that is free and says whose one is that is not', async () => {
    const server = serve({ ...ground(), ...counted, [PATCH]: { ...car, hotkey: 'v' } })
    await visit('/datasets/7/classes')
    const field = await screen.findByLabelText('Key of car')
    fireEvent.keyDown(field, { key: '2' })
    expect(await screen.findByText('2 is already the key of rider.')).toBeTruthy()
    expect(server.sent(PATCH)).toEqual([])
    fireEvent.keyDown(field, { key: 'V' })
    await waitFor(() => expect(server.only(PATCH).body).toEqual({ hotkey: 'v' }))
  })

  it('adds a class with a colour of its own, and says why it may not', async () => {
    const route = 'POST datasets/{dataset_id}/classes'
    const server = serve({
      ...ground(),
      ...counted,
      [route]: () => refused(400, { detail: 'There is a bike.' }),
    })
    const { user } = await visit('/datasets/7/classes')
    fill(await screen.findByLabelText('Name of a new class'), 'bike')
    await user.click(screen.getByRole('button', { name: 'Add class' }))
    expect(await screen.findByText('There is a bike.')).toBeTruthy()
    const colours = aDataset().classes.map(({ colour }) => colour)
    expect(server.only(route).body.name).toBe('bike')
    expect(colours).not.toContain(server.only(route).body.colour)
  })
})
