import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem, type Problem } from '../api/problem'
import { Logo } from '../ui/Logo'
import { ProblemNote } from '../ui/ProblemNote'
import { LanguageChoice } from './LanguageChoice'
import classes from './LoginPage.module.css'
import { useLogin, waysQuery } from './queries'

const route = getRouteApi('/login')

export function LoginPage() {
  const { t } = useTranslation('accounts')
  const { next, refused: sentBack } = route.useSearch()
  const router = useRouter()
  const login = useLogin()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const target = targetOf(next)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate({ email, password, code }, { onSuccess: () => goTo(target, router.history.push) })
  }
  const wrongCode = isProblem(login.error) ? login.error.errors.code : undefined
  // Asked for once the password was right, and kept while the code is typed anew.
  const [asksCode, setAsksCode] = useState(false)
  if (wrongCode && !asksCode) setAsksCode(true)
  const refused =
    !wrongCode && (isProblem(login.error, 400) || isProblem(login.error, 401) || isProblem(login.error, 403))
  return (
    <main className={classes.page}>
      <title>{t('login.title')}</title>
      <form className={classes.form} onSubmit={submit}>
        <h1 className={classes.name}>
          <Logo size={30} />
          Halfday
        </h1>
        <p className={classes.word}>{t('login.word')}</p>
        <TextInput
          label={t('email')}
          type="email"
          size="sm"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          size="sm"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          error={refused && ((login.error as Problem).detail || t('login.refused'))}
          errorProps={{ role: 'alert' }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {asksCode && (
          <TextInput
            label={t('login.code')}
            size="sm"
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
            value={code}
            error={code && wrongCode?.join(' ')}
            errorProps={{ role: 'alert' }}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {sentBack === 'openid' && !login.isError && (
          <p className={classes.word} role="alert">
            {t('login.sentBack')}
          </p>
        )}
        {login.isError && !refused && !wrongCode && <ProblemNote error={login.error} />}
        <Button type="submit" variant="filled" size="sm" fullWidth loading={login.isPending}>
          {t('login.verb')}
        </Button>
        <OpenId target={target} />
      </form>
      <LanguageChoice />
    </main>
  )
}

/** The way in by the company's own accounts, where one is configured. */
function OpenId({ target }: { target: string }) {
  const { t } = useTranslation('accounts')
  const name = useQuery(waysQuery).data?.openid
  if (!name) return null
  return (
    <Button
      component="a"
      href={`/openid/begin?next=${encodeURIComponent(target)}`}
      size="sm"
      variant="default"
      fullWidth
    >
      {t('login.openid', { name })}
    </Button>
  )
}

/** Where one wanted to go: a path of this site, and never the login page, which would only ask again. */
function targetOf(next: string | undefined): string {
  if (!next || !isOfThisSite(next)) return '/'
  const { pathname, searchParams } = new URL(next, location.origin)
  if (pathname !== '/login') return next
  const inner = searchParams.get('next') ?? undefined
  return targetOf(inner && /^"/.test(inner) ? JSON.parse(inner) : inner)
}

/** Whether it is a path of this site as a browser reads it: "//elsewhere" and "/\\elsewhere" would lead away. */
function isOfThisSite(path: string) {
  return (
    path.startsWith('/') &&
    URL.canParse(path, location.origin) &&
    new URL(path, location.origin).origin === location.origin
  )
}

/** The administration is not a page of this application: it has to be fetched. */
function goTo(target: string, push: (to: string) => void) {
  if (target.startsWith('/admin')) window.location.assign(target)
  else push(target)
}
