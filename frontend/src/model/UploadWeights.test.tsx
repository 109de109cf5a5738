import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, show } from '../test/render'
import { refused, serve } from '../test/server'
import { aJob } from '../test/world'
import { UploadWeights } from './UploadWeights'

const weights = new File(['tensors'], 'night.pt')

describe('UploadWeights', () => {
  it('sends a file under a name, follows its conversion and says that it can be used', async () => {
    const job = { id: 40, message: 'Building the network' }
    const server = serve({
      'POST checkpoints': aJob({ ...job, state: 'queued' }),
      'GET jobs/{job_id}': aJob(job),
    })
    const { user, container } = await show(<UploadWeights project={3} />)
    const send = await screen.findByRole('button', { name: 'Upload weights' })
    expect(send).toHaveProperty('ariaDisabled', 'true')
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    fill(screen.getByLabelText('Name'), ' Night shift ')
    await user.click(send)
    expect(await screen.findByText('Building the network')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Cancel conversion' })).toBeTruthy()
    server.answer({
      'GET jobs/{job_id}': aJob({
        ...job,
        state: 'succeeded',
        result: { checkpoint: 8, name: 'Night shift' },
      }),
    })
    expect(
      await screen.findByText('Night shift can be trained from now.', {}, { timeout: 5000 }),
    ).toBeTruthy()
    const form: FormData = server.only('POST checkpoints').body
    expect([form.get('project'), form.get('name'), (form.get('file') as File).name]).toEqual([
      '3',
      'Night shift',
      'night.pt',
    ])
    await waitFor(() => expect(send).toHaveProperty('ariaDisabled', 'true'))
  })

  it('says what of a foreign file was used', async () => {
    const note = 'yolov6l6: 1,203 keys matched, 0 missing, 0 unexpected.'
    const done = aJob({ id: 40, state: 'succeeded', result: { checkpoint: 8, name: 'L6', note } })
    serve({ 'POST checkpoints': done, 'GET jobs/{job_id}': done })
    const { user, container } = await show(<UploadWeights project={3} />)
    await screen.findByRole('button', { name: 'Upload weights' })
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    await user.click(screen.getByRole('button', { name: 'Upload weights' }))
    expect(await screen.findByText(`L6 can be trained from now. ${note}`)).toBeTruthy()
  })

  it('says why a file cannot be converted, and keeps it', async () => {
    const error = 'Layer 1 (Conv), argument 2: the kernel size is 16; allowed: 1 to 15.'
    const failed = aJob({ id: 40, state: 'failed', error })
    serve({
      'POST checkpoints': failed,
      'GET jobs/{job_id}': failed,
      'GET checkpoints/conversions/{job_id}': { again: false },
    })
    const { user, container } = await show(<UploadWeights project={3} />)
    await screen.findByRole('button', { name: 'Upload weights' })
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    await user.click(screen.getByRole('button', { name: 'Upload weights' }))
    expect(await screen.findByText(error)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Job and log' }).getAttribute('href')).toBe('/jobs/40')
    expect(screen.getByRole('button', { name: 'Upload weights' })).toHaveProperty('ariaDisabled', null)
    expect(screen.queryByRole('button', { name: 'Convert again' })).toBeNull()
  })

  it('asks for a conversion again where its file is still there, and follows the new job', async () => {
    const failed = aJob({ id: 40, state: 'failed', error: 'KeyError' })
    const server = serve({
      'POST checkpoints': failed,
      'GET jobs/{job_id}': failed,
      'GET checkpoints/conversions/{job_id}': { again: true },
      'POST checkpoints/conversions/{job_id}/again': aJob({ id: 41, state: 'queued' }),
    })
    const { user, container } = await show(<UploadWeights project={3} />)
    await screen.findByRole('button', { name: 'Upload weights' })
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    await user.click(screen.getByRole('button', { name: 'Upload weights' }))
    const again = await screen.findByRole('button', { name: 'Convert again' })
    server.answer({ 'GET jobs/{job_id}': aJob({ id: 41, message: 'Building the network' }) })
    await user.click(again)
    expect(await screen.findByText('Building the network')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Job and log' }).getAttribute('href')).toBe('/jobs/41')
  })

  it('says why a file is refused, and keeps it', async () => {
    serve({ 'POST checkpoints': () => refused(400, { detail: 'No tensors in this file.' }) })
    const { user, container } = await show(<UploadWeights project={3} />)
    await screen.findByRole('button', { name: 'Upload weights' })
    await user.upload(container.querySelector<HTMLInputElement>('input[type=file]')!, weights)
    await user.click(screen.getByRole('button', { name: 'Upload weights' }))
    expect(await screen.findByText('No tensors in this file.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Upload weights' })).toHaveProperty('ariaDisabled', null)
  })
})
