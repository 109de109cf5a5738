import { Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem'
import { lazyPart } from '../ui/lazyPart'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { toast } from '../ui/toast'
import { useMe, useSecondFactor } from './queries'
import classes from './SettingsPage.module.css'

const QrCode = lazyPart(() => import('./QrCode'), 'QrCode')

/** Codes of an app beside the password: set up, or removed. */
export function SecondFactor() {
  const { t } = useTranslation('accounts')
  const me = useMe()
  const { begin, confirm, remove } = useSecondFactor()
  const begun = begin.data
  return (
    <Section title={t('second.title')} note={t(me.second_factor ? 'second.on' : 'second.off')}>
      {me.second_factor && (
        <CodeForm verb={t('second.remove')} change={remove} done={() => toast(t('second.removed'))} />
      )}
      {!me.second_factor && !begun && (
        <Button loading={begin.isPending} onClick={() => begin.mutate()}>
          {t('second.begin')}
        </Button>
      )}
      {!me.second_factor && begun && (
        <Stack gap={10} className={classes.narrow}>
          <p className={classes.prose}>{t('second.scan')}</p>
          <Suspense fallback={<div className={classes.qr} />}>
            <QrCode text={begun.uri} label={t('second.qr')} />
          </Suspense>
          <p className={classes.prose}>
            {t('second.tell')} <a href={begun.uri}>{t('second.open')}</a>
          </p>
          <div className={classes.secret}>
            <code>{inFours(begun.secret)}</code>
          </div>
          <CodeForm
            verb={t('second.confirm')}
            change={confirm}
            done={() => {
              begin.reset()
              toast(t('second.added'))
            }}
          />
        </Stack>
      )}
      {begin.isError && <ProblemNote error={begin.error} />}
    </Section>
  )
}

/** A key as people read it off: apps take it with or without the spaces. */
function inFours(secret: string): string {
  return secret.replace(/.{4}(?=.)/g, '$& ')
}

type Change = ReturnType<typeof useSecondFactor>['confirm']

function CodeForm({ verb, change, done }: { verb: string; change: Change; done: () => void }) {
  const { t } = useTranslation('accounts')
  const [code, setCode] = useState('')
  const wrong = isProblem(change.error) ? change.error.errors.code : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(code, {
      onSuccess: () => {
        setCode('')
        done()
      },
    })
  }
  return (
    <form className={classes.line} onSubmit={submit}>
      <TextInput
        label={t('second.code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        error={wrong?.join(' ')}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <OffButton type="submit" off={!code.trim() && t('ui:off.code')} loading={change.isPending}>
        {verb}
      </OffButton>
      {change.isError && !wrong && <ProblemNote error={change.error} />}
    </form>
  )
}
