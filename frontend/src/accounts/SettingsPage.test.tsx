import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, visit } from '../test/render'
import { refused, serve } from '../test/server'
import { alice, aMe, aProject, bob, ground, page } from '../test/world'

describe('settings of oneself', () => {
  it('saves the name, which then stands in the rail', async () => {
    const server = serve({ ...ground(), 'PATCH auth/me': ({ body }) => aMe(body) })
    const { user } = await visit('/settings')
    const save = await screen.findByRole('button', { name: 'Save' })
    expect(save).toHaveProperty('ariaDisabled', 'true')
    fill(screen.getByLabelText('Name'), 'Alice Munro')
    await user.click(save)
    expect(await screen.findByText('Saved.')).toBeTruthy()
    expect(server.only('PATCH auth/me').body).toEqual({ name: 'Alice Munro' })
    expect(screen.getByText('Alice Munro')).toBeTruthy()
  })

  it('says at the field which password was wrong, and empties both once it is changed', async () => {
    const server = serve({
      ...ground(),
      'POST auth/password': () => refused(400, { errors: { current: ['This is not your password.'] } }),
    })
    const { user } = await visit('/settings')
    const current = await screen.findByLabelText<HTMLInputElement>('Current password')
    fill(current, 'old')
    fill(screen.getByLabelText('New password'), 'new')
    await user.click(screen.getByRole('button', { name: 'Change password' }))
    expect(await screen.findByText('This is not your password.')).toBeTruthy()
    server.answer({ 'POST auth/password': undefined as never })
    server.answer({ 'POST auth/password': () => undefined })
    await user.click(screen.getByRole('button', { name: 'Change password' }))
    expect(await screen.findByText('The password is changed.')).toBeTruthy()
    expect(current.value).toBe('')
  })
})

describe('import folders', () => {
  const ROOTS = 'GET projects/{project_id}/import-roots'
  const GRANT = 'PUT projects/{project_id}/import-roots'

  it('lets an administrator grant one', async () => {
    const configured = ['/data/street', '/data/yard']
    const server = serve({
      ...ground(),
      [ROOTS]: { granted: [], every: false, configured },
      [GRANT]: ({ body }) => ({ ...body, every: false, configured }),
    })
    const { user } = await visit('/settings?part=roots')
    await user.click(await screen.findByRole('checkbox', { name: '/data/yard' }))
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await screen.findByText('The import folders are saved.')
    expect(server.only(GRANT).body).toEqual({ granted: ['/data/yard'] })
  })

  it('shows a manager what is granted, with nothing to change', async () => {
    serve(ground('manager'))
    await visit('/settings?part=roots')
    expect(await screen.findByText('/data')).toBeTruthy()
    expect(screen.queryByRole('checkbox')).toBeNull()
  })
})

describe('second factor', () => {
  it('shows the key as a picture and in words, and takes the code', async () => {
    const server = serve({
      ...ground(),
      'POST auth/second-factor': { secret: 'ABCDEFGH', uri: 'otpauth://totp/x?secret=ABCDEFGH' },
      'POST auth/second-factor/confirm': () => undefined,
    })
    const { user } = await visit('/settings')
    await user.click(await screen.findByRole('button', { name: 'Set up' }))
    expect(await screen.findByRole('img', { name: 'QR code of the key' })).toBeTruthy()
    expect(screen.getByText('ABCD EFGH')).toBeTruthy()
    fill(screen.getByRole('textbox', { name: 'Code' }), '123456')
    await user.click(screen.getByRole('button', { name: 'Confirm' }))
    await screen.findByText('From now on logging in takes a code.')
    expect(server.only('POST auth/second-factor/confirm').body).toEqual({ code: '123456' })
  })
})

describe('tokens', () => {
  const token = {
    id: 5,
    name: 'nightly',
    project: 3,
    role: 'viewer' as const,
    created_at: '2026-03-01T12:00:00Z',
    expires_at: '2026-05-30T12:00:00Z',
    last_used_at: null,
  }

  it('shows a new token once, then lists it', async () => {
    const server = serve({ ...ground('manager'), 'GET tokens': [] })
    server.answer({
      'POST tokens': ({ body }) => {
        server.answer({ 'GET tokens': [{ ...token, ...body }] })
        return { ...token, ...body, token: 'hd_secret' }
      },
    })
    const { user } = await visit('/settings?part=tokens')
    fill(await screen.findByLabelText('Name'), 'nightly')
    await user.click(screen.getByRole('button', { name: 'Make a token' }))
    expect(await screen.findByText('hd_secret')).toBeTruthy()
    expect(server.only('POST tokens').body).toEqual({ name: 'nightly', project: 3, role: 'viewer', days: 90 })
    await user.click(screen.getByRole('button', { name: 'Done' }))
    expect(screen.queryByText('hd_secret')).toBeNull()
    expect(await screen.findByRole('row', { name: /nightly/ })).toBeTruthy()
  })

  it('offers no role above the own', async () => {
    serve({ ...ground('labeller'), 'GET tokens': [] })
    const { user } = await visit('/settings?part=tokens')
    await user.click(await screen.findByRole('combobox', { name: 'Role' }))
    const offered = await screen.findAllByRole('option')
    expect(offered.map((one) => one.textContent)).toEqual(['viewer', 'labeller'])
  })

  it('deletes one after asking', async () => {
    const server = serve({ ...ground(), 'GET tokens': [token], 'DELETE tokens/{token_id}': undefined })
    const { user } = await visit('/settings?part=tokens')
    await user.click(await screen.findByRole('button', { name: 'Delete' }))
    const dialog = await screen.findByRole('dialog')
    expect(dialog.textContent).toContain('“nightly”')
    await user.click(within(dialog).getByRole('button', { name: 'Delete' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(server.only('DELETE tokens/{token_id}').params).toEqual({ token_id: '5' })
  })
})

describe('members', () => {
  const members = [
    { id: 1, user: alice, role: 'owner' as const },
    { id: 2, user: bob, role: 'labeller' as const },
  ]
  const route = 'GET projects/{project_id}/members'

  const invitation = {
    id: 5,
    email: 'carol@example.org',
    role: 'labeller' as const,
    invited_by: alice,
    created_at: '2026-03-01T12:00:00Z',
    expires_at: '2026-03-15T12:00:00Z',
  }
  const open = 'GET projects/{project_id}/invitations'

  it('invites somebody, and shows the link once', async () => {
    const server = serve({ ...ground(), [route]: members, [open]: [] })
    server.answer({
      'POST projects/{project_id}/invitations': () => {
        server.answer({ [open]: [invitation] })
        return { ...invitation, link: 'https://halfday.example/invitation#once-only' }
      },
    })
    const { user } = await visit('/settings?part=members')
    await user.type(await screen.findByLabelText('Email'), ' carol@example.org{Enter}')
    expect(await screen.findByText('https://halfday.example/invitation#once-only')).toBeTruthy()
    expect(server.only('POST projects/{project_id}/invitations').body).toEqual({
      email: 'carol@example.org',
      role: 'labeller',
    })
    expect(await screen.findByRole('row', { name: /carol@example.org/ })).toBeTruthy()
  })

  it('says where the link went that was mailed', async () => {
    serve({
      ...ground(),
      [route]: members,
      [open]: [],
      'POST projects/{project_id}/invitations': { ...invitation, link: null },
    })
    const { user } = await visit('/settings?part=members')
    await user.type(await screen.findByLabelText('Email'), 'carol@example.org{Enter}')
    expect((await screen.findByText(/^The link was mailed/)).textContent).toContain('carol@example.org')
  })

  it('withdraws an invitation', async () => {
    const server = serve({ ...ground(), [route]: members, [open]: [invitation] })
    server.answer({
      'DELETE invitations/{invitation_id}': () => {
        server.answer({ [open]: [] })
        return undefined
      },
    })
    const { user } = await visit('/settings?part=members')
    await user.click(
      await screen.findByRole('button', { name: 'Withdraw the invitation of carol@example.org' }),
    )
    expect(await screen.findByText('Nobody is invited at the moment.')).toBeTruthy()
    expect(server.only('DELETE invitations/{invitation_id}').params).toEqual({ invitation_id: '5' })
  })

  it('says why a role cannot be changed', async () => {
    serve({
      ...ground(),
      [route]: members,
      [open]: [],
      'PATCH members/{member_id}': () =>
        refused(409, { title: 'The last owner', detail: 'One owner stays.' }),
    })
    const { user } = await visit('/settings?part=members')
    await user.click(await screen.findByRole('combobox', { name: 'Role: Alice' }))
    await user.click(await screen.findByRole('option', { name: /^viewer/ }))
    expect(await screen.findByText('One owner stays.')).toBeTruthy()
  })

  it('lets those who are no owners look only', async () => {
    serve({ ...ground('manager'), [route]: members })
    await visit('/settings?part=members')
    expect(await screen.findByRole('row', { name: /Bob/ })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Remove' })).toBeNull()
    expect(screen.queryByLabelText('Email')).toBeNull()
    expect(screen.getByText(/^Owners of the project/)).toBeTruthy()
  })

  it('changes to another project by the address', async () => {
    const server = serve({
      ...ground(),
      'GET projects': [aProject(), aProject({ id: 4, name: 'Harbour' })],
      [route]: members,
      [open]: [],
    })
    const { user, address } = await visit('/settings?part=members')
    expect(await screen.findByText('Members of Roads')).toBeTruthy()
    await user.click(screen.getByRole('combobox', { name: 'Project' }))
    await user.click(await screen.findByRole('option', { name: 'Harbour' }))
    expect(await screen.findByText('Members of Harbour')).toBeTruthy()
    expect(address()).toContain('project=4')
    expect(server.sent(route).map(({ params }) => params.project_id)).toEqual(['3', '4'])
  })
})

describe('the audit trail', () => {
  it('says who did what to what, with its facts', async () => {
    serve({
      ...ground(),
      'GET projects/{project_id}/audit': page({
        id: 1,
        at: '2026-03-01T12:00:00Z',
        actor: null,
        action: 'slice.made',
        target: 'rainy',
        data: { images: 40, of: { q: 'x' } },
      }),
    })
    await visit('/settings?part=audit')
    const row = await screen.findByRole('row', { name: /slice.made/ })
    expect(row.textContent).toContain('Halfday')
    expect(row.textContent).toContain('images 40 · of {"q":"x"}')
  })
})
