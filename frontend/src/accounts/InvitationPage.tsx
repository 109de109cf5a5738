import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem'
import type { Me, Offer } from '../api/types'
import { Logo } from '../ui/Logo'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { useNewAccount, useOffer, useTakeUp } from './invitations'
import { LanguageChoice } from './LanguageChoice'
import classes from './LoginPage.module.css'
import { meQuery } from './queries'

/** Where an invitation's link leads. Its secret stands behind #, which no server and no log gets to see. */
export function InvitationPage() {
  const { t } = useTranslation('accounts')
  const secret = useLocation({ select: ({ hash }) => decodeURIComponent(hash) })
  const offer = useOffer(secret)
  const me = useQuery(meQuery)
  return (
    <main className={classes.page}>
      <title>{t('invitation.title')}</title>
      <div className={classes.form}>
        <h1 className={classes.name}>
          <Logo size={30} />
          Halfday
        </h1>
        {offer.data && <Welcome offer={offer.data} />}
        {offer.data && !me.isPending && (
          <HowToTakeUp offer={offer.data} secret={secret} me={me.isError ? undefined : me.data} />
        )}
        {isProblem(offer.error, 404) ? (
          <Nowhere />
        ) : (
          offer.isError && <ProblemNote error={offer.error} retry={() => void offer.refetch()} />
        )}
      </div>
      <LanguageChoice />
    </main>
  )
}

function Welcome({ offer }: { offer: Offer }) {
  const { t } = useTranslation('accounts')
  const { project, invited_by: by } = offer
  return (
    <div className={classes.word}>
      <p>{by ? t('invitation.by', { by, project }) : t('invitation.offer', { project })}</p>
      <p>{t('invitation.role', { role: t(`role.${offer.role}`), what: t(`roleWhat.${offer.role}`) })}</p>
    </div>
  )
}

function Nowhere() {
  const { t } = useTranslation('accounts')
  return (
    <div className={classes.word} role="alert">
      <p>{t('invitation.nowhere')}</p>
      <p>{t('invitation.askAgain')}</p>
      <p>
        <PathLink href="/">{t('invitation.home')}</PathLink>
      </p>
    </div>
  )
}

function HowToTakeUp({ offer, secret, me }: { offer: Offer; secret: string; me: Me | undefined }) {
  if (!me) return <NewAccount offer={offer} secret={secret} />
  return <TakeUp secret={secret} me={me} />
}

function TakeUp({ secret, me }: { secret: string; me: Me }) {
  const { t } = useTranslation('accounts')
  const router = useRouter()
  const takeUp = useTakeUp()
  const done = () => router.history.push('/')
  return (
    <>
      <p className="hd-dim">{t('invitation.as', { email: me.email })}</p>
      {takeUp.isError && <ProblemNote error={takeUp.error} />}
      <Button
        variant="filled"
        size="sm"
        fullWidth
        loading={takeUp.isPending}
        onClick={() => takeUp.mutate(secret, { onSuccess: done })}
      >
        {t('invitation.verb')}
      </Button>
    </>
  )
}

function NewAccount({ offer, secret }: { offer: Offer; secret: string }) {
  const { t } = useTranslation('accounts')
  const router = useRouter()
  const create = useNewAccount()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const weak = isProblem(create.error) ? create.error.errors.new : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ secret, name: name.trim(), new: password }, { onSuccess: () => router.history.push('/') })
  }
  const next = `/invitation#${encodeURIComponent(secret)}`
  return (
    <form className={classes.fields} onSubmit={submit}>
      <TextInput
        label={t('email')}
        size="sm"
        type="email"
        autoComplete="username"
        readOnly
        value={offer.email}
      />
      <TextInput
        label={t('name')}
        size="sm"
        autoComplete="name"
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('invitation.choose')}
        description={t('invitation.chooseWhat')}
        size="sm"
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={password}
        error={weak?.join(' ')}
        errorProps={{ role: 'alert' }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {create.isError && !weak && <ProblemNote error={create.error} />}
      <Button type="submit" variant="filled" size="sm" fullWidth loading={create.isPending}>
        {t('invitation.verbNew')}
      </Button>
      <p className="hd-dim">
        {t('invitation.haveOne')}{' '}
        <a href={`/login?next=${encodeURIComponent(next)}`}>{t('invitation.login')}</a>
      </p>
    </form>
  )
}
