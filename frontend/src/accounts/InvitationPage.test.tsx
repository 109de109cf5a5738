import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, visit } from '../test/render'
import { refused, serve } from '../test/server'
import { aMe, ground } from '../test/world'

const nobody = () => refused(401, { title: 'Not logged in' })
const offer = {
  email: 'carol@example.org',
  role: 'reviewer' as const,
  project: 'Roads',
  invited_by: 'Alice',
  expires_at: '2026-03-15T12:00:00Z',
}

describe('InvitationPage', () => {
  it('lets whoever has no account choose a password, and leads in', async () => {
    const server = serve({ ...ground(), 'GET auth/me': nobody, 'POST invitations/open': offer })
    server.answer({
      'POST invitations/new-account': () => {
        server.answer({ 'GET auth/me': aMe() })
        return aMe()
      },
    })
    const { user, address } = await visit('/invitation#secret')
    expect(await screen.findByText('Alice invites you to the project Roads.')).toBeTruthy()
    fill(screen.getByLabelText('Name'), 'Carol')
    fill(screen.getByLabelText('Password'), 'words of a song')
    await user.click(screen.getByRole('button', { name: 'Make the account' }))
    await waitFor(() => expect(address()).toBe('/'))
    expect(server.only('POST invitations/open').body).toEqual({ secret: 'secret' })
    expect(server.only('POST invitations/new-account').body).toEqual({
      secret: 'secret',
      name: 'Carol',
      new: 'words of a song',
    })
  })

  it('lets whoever is logged in take it up with that account', async () => {
    const server = serve({ ...ground(), 'POST invitations/open': offer })
    server.answer({ 'POST invitations/take-up': () => refused(409, { detail: 'This is for carol.' }) })
    const { user } = await visit('/invitation#secret')
    await user.click(await screen.findByRole('button', { name: 'Take up the invitation' }))
    expect(await screen.findByText('This is for carol.')).toBeTruthy()
    expect(server.only('POST invitations/take-up').body).toEqual({ secret: 'secret' })
  })

  it('says what to do where the link leads nowhere any more', async () => {
    serve({ 'GET auth/me': nobody, 'POST invitations/open': () => refused(404, { title: 'Not found' }) })
    await visit('/invitation#secret')
    expect((await screen.findByRole('alert')).textContent).toContain('Ask whoever invited you')
    expect(screen.getByRole('link', { name: /Log in$/ }).getAttribute('href')).toBe('/')
    expect(screen.queryByLabelText('Password')).toBeNull()
  })
})
