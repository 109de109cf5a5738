import { PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem'
import { LANGUAGES, type Language } from '../i18n/i18n'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { toast } from '../ui/toast'
import { useChangeMe, useChangePassword, useMe } from './queries'
import { SecondFactor } from './SecondFactor'
import classes from './SettingsPage.module.css'

/** Name, language, theme, password. */
export function MePart() {
  return (
    <div className={classes.narrow}>
      <Who />
      <Look />
      <Password />
      <SecondFactor />
    </div>
  )
}

function Who() {
  const { t } = useTranslation('accounts')
  const me = useMe()
  const change = useChangeMe()
  const [name, setName] = useState(me.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ name: name.trim() }, { onSuccess: () => toast(t('me.saved')) })
  }
  return (
    <Section title={t('me.who')} note={me.email}>
      <form className={classes.line} onSubmit={submit}>
        <TextInput
          label={t('name')}
          autoComplete="name"
          value={name}
          error={change.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <OffButton
          type="submit"
          off={name.trim() === me.name && t('ui:off.unchanged')}
          loading={change.isPending}
        >
          {t('me.save')}
        </OffButton>
      </form>
    </Section>
  )
}

function Look() {
  const { t } = useTranslation('accounts')
  const me = useMe()
  const change = useChangeMe()
  return (
    <Section title={t('me.look')}>
      <Stack gap={10} align="flex-start">
        <SegmentedControl
          aria-label={t('me.language')}
          value={me.language}
          data={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
          onChange={(language) => change.mutate({ language })}
        />
        <SegmentedControl
          aria-label={t('me.theme')}
          value={me.theme}
          data={(['dark', 'light', 'system'] as const).map((value) => ({ value, label: t(`me.${value}`) }))}
          onChange={(theme) => change.mutate({ theme })}
        />
      </Stack>
    </Section>
  )
}

function Password() {
  const { t } = useTranslation('accounts')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useChangePassword()
  const said = isProblem(change.error) ? change.error.errors : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent('')
          setNext('')
          toast(t('me.changed'))
        },
      },
    )
  }
  return (
    <Section title={t('me.passwordTitle')} note={t('me.passwordNote')}>
      <form onSubmit={submit}>
        <Stack gap={10}>
          <PasswordInput
            label={t('me.current')}
            autoComplete="current-password"
            value={current}
            error={said.current?.join(' ')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('me.new')}
            autoComplete="new-password"
            value={next}
            error={said.new?.join(' ')}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          {change.isError && !said.current && !said.new && <ProblemNote error={change.error} />}
          <div>
            <OffButton
              type="submit"
              off={(!current || !next) && t('ui:off.passwords')}
              loading={change.isPending}
            >
              {t('me.change')}
            </OffButton>
          </div>
        </Stack>
      </form>
    </Section>
  )
}
