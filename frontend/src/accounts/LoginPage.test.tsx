import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fill, visit } from '../test/render'
import { refused, serve } from '../test/server'
import { aMe, ground } from '../test/world'

const nobody = () => refused(401, { title: 'Not logged in' })

async function fillIn(user: Awaited<ReturnType<typeof visit>>['user']) {
  fill(await screen.findByLabelText('Email'), 'alice@example.org')
  fill(screen.getByLabelText('Password'), 'secret')
  await user.click(screen.getByRole('button', { name: 'Log in' }))
}

describe('LoginPage', () => {
  it('leads to where one wanted to go, once one has logged in', async () => {
    const server = serve({ ...ground(), 'GET auth/me': nobody, 'GET auth/ways': { openid: null } })
    server.answer({
      'POST auth/login': () => {
        server.answer({ 'GET auth/me': aMe() })
        return aMe()
      },
    })
    const { user, address } = await visit('/jobs?state=failed')
    expect(address()).toContain('/login')
    await fillIn(user)
    await waitFor(() => expect(address()).toBe('/jobs?state=failed'))
    expect(server.only('POST auth/login').body).toEqual({
      email: 'alice@example.org',
      password: 'secret',
      code: '',
    })
  })

  it('says at the password that it was refused, and keeps what was typed', async () => {
    serve({
      'GET auth/me': nobody,
      'GET auth/ways': { openid: null },
      'POST auth/login': () => refused(403, { detail: 'No account matches.' }),
    })
    const { user, address } = await visit('/login')
    await fillIn(user)
    expect((await screen.findByRole('alert')).textContent).toBe('No account matches.')
    expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe('alice@example.org')
    expect(address()).toContain('/login')
  })

  it.each(['%2F%2Felsewhere.example', '%2F%5Celsewhere.example', '%2F%09%2Felsewhere.example'])(
    'follows no address that leads away from this site: %s',
    async (next) => {
      const server = serve({
        ...ground(),
        'GET auth/me': nobody,
        'GET auth/ways': { openid: null },
        'POST auth/login': aMe(),
      })
      const { user, address } = await visit(`/login?next=${next}`)
      server.answer({ 'GET auth/me': aMe() })
      await fillIn(user)
      await waitFor(() => expect(address()).toBe('/'))
    },
  )

  it('changes its language before anybody is logged in', async () => {
    serve({ 'GET auth/me': nobody, 'GET auth/ways': { openid: null } })
    const { user } = await visit('/login')
    await user.click(await screen.findByRole('button', { name: '한국어' }))
    expect(await screen.findByLabelText('비밀번호')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'English' }))
    expect(await screen.findByLabelText('Password')).toBeTruthy()
  })

  it('asks for the code of the second factor once the password was right', async () => {
    const server = serve({ ...ground(), 'GET auth/me': nobody, 'GET auth/ways': { openid: null } })
    server.answer({
      'POST auth/login': ({ body }) => {
        if (!body.code)
          return refused(400, { detail: 'Type the code.', errors: { code: ['Type the code.'] } })
        server.answer({ 'GET auth/me': aMe() })
        return aMe()
      },
    })
    const { user, address } = await visit('/login')
    await fillIn(user)
    fill(await screen.findByLabelText('Code from your app'), '123456')
    await user.click(screen.getByRole('button', { name: 'Log in' }))
    await waitFor(() => expect(address()).toBe('/'))
  })

  it('leads to the OpenID provider where there is one', async () => {
    serve({ 'GET auth/me': nobody, 'GET auth/ways': { openid: 'Example Inc.' } })
    await visit('/login?next=%2Fjobs')
    const link = await screen.findByRole('link', { name: 'Log in with Example Inc.' })
    expect(link.getAttribute('href')).toBe('/openid/begin?next=%2Fjobs')
  })
})
