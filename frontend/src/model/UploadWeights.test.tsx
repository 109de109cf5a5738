import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, show } from '../test/render'
import { refused, serve } from '../test/server'
import { aCheckpoint } from '../test/world'
import { UploadWeights } from './UploadWeights'

const weights = new File(['tensors'], 'night.pt')

describe('UploadWeights', () => {
  it('sends a file under a name and says that it can be used', async () => {
    const server = serve({ 'POST checkpoints': aCheckpoint({ name: 'Night shift' }) })
    const { user, container } = await show(<UploadWeights project={3} />)
    const send = await screen.findByRole('button', { name: 'Upload weights' })
    expect(send).toHaveProperty('disabled', true)
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    fill(screen.getByLabelText('Name'), ' Night shift ')
    await user.click(send)
    expect(await screen.findByText('Night shift can be trained from now.')).toBeTruthy()
    const form: FormData = server.only('POST checkpoints').body
    expect([form.get('project'), form.get('name'), (form.get('file') as File).name]).toEqual([
      '3',
      'Night shift',
      'night.pt',
    ])
    await waitFor(() => expect(send).toHaveProperty('disabled', true))
  })

  it('says why a file is refused, and keeps it', async () => {
    serve({ 'POST checkpoints': () => refused(400, { detail: 'No tensors in this file.' }) })
    const { user, container } = await show(<UploadWeights project={3} />)
    await screen.findByRole('button', { name: 'Upload weights' })
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    await user.click(screen.getByRole('button', { name: 'Upload weights' }))
    expect(await screen.findByText('No tensors in this file.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Upload weights' })).toHaveProperty('disabled', false)
  })
})
