import { Button, PasswordInput, TextInput } from '@mantine/core'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem, type Problem } from '../api/problem'
import { Logo } from '../ui/Logo'
import { ProblemNote } from '../ui/ProblemNote'
import { LanguageChoice } from './LanguageChoice'
import classes from './LoginPage.module.css'
import { useLogin } from './queries'

const route = getRouteApi('/login')

export function LoginPage() {
  const { t } = useTranslation('accounts')
  const { next } = route.useSearch()
  const router = useRouter()
  const login = useLogin()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // Only paths of this site: "//elsewhere" would lead away.
    const target = next && /^\/(?!\/)/.test(next) ? next : '/'
    login.mutate({ email, password }, { onSuccess: () => goTo(target, router.history.push) })
  }
  const refused = isProblem(login.error, 400) || isProblem(login.error, 401) || isProblem(login.error, 403)
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
        {login.isError && !refused && <ProblemNote error={login.error} />}
        <Button type="submit" variant="filled" size="sm" fullWidth loading={login.isPending}>
          {t('login.verb')}
        </Button>
      </form>
      <LanguageChoice />
    </main>
  )
}

/** The administration is not a page of this application: it has to be fetched. */
function goTo(target: string, push: (to: string) => void) {
  if (target.startsWith('/admin')) window.location.assign(target)
  else push(target)
}
