import { Button, NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSettings } from '../api/types'
import classes from './RunForm.module.css'

/** Those that one looks at for every run; the rest hides behind a button. */
const MAIN = ['epochs', 'imgsz', 'batch', 'lr0', 'freeze', 'seed']
const CHOICES: Record<string, string[]> = {
  optimizer: ['AdamW', 'Adam', 'SGD'],
  stop_on: ['mAP', 'mAP50'],
  class_weights: ['none', 'inverse_sqrt'],
}

type Props = {
  settings: RunSettings
  defaults: RunSettings
  errors: Record<string, string[]>
  /** Why some cannot be changed, by name. */
  off?: Record<string, string>
  change: (part: RunSettings) => void
}

/** The settings of a run: which there are, and their defaults, comes from the baseline. */
export function SettingsFields({ settings, defaults, errors, off = {}, change }: Props) {
  const { t } = useTranslation('model')
  const [open, setOpen] = useState(false)
  const names = Object.keys(settings)
  const rest = names.filter((name) => !MAIN.includes(name))
  const changed = rest.filter((name) => name in defaults && settings[name] !== defaults[name]).length
  const field = (name: string) => (
    <Field
      key={name}
      name={name}
      value={settings[name] ?? null}
      standard={defaults[name]}
      error={errors[name]?.join(' ')}
      off={off[name]}
      change={(value) => change({ [name]: value })}
    />
  )
  return (
    <>
      <div className={classes.three}>{MAIN.filter((name) => names.includes(name)).map(field)}</div>
      {rest.length > 0 && (
        <Button
          className={classes.more}
          size="compact-xs"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'lessSettings' : 'moreSettings', { count: rest.length })}
          {!open && changed > 0 && ` · ${t('changedSettings', { count: changed })}`}
        </Button>
      )}
      {open && <div className={classes.three}>{rest.map(field)}</div>}
    </>
  )
}

type FieldProps = {
  name: string
  value: RunSettings[string]
  standard: RunSettings[string] | undefined
  error?: string
  off?: string
  change: (value: RunSettings[string]) => void
}

/** One setting, by the type of its value. */
function Field({ name, value, standard, error, off, change }: FieldProps) {
  const { t } = useTranslation('model')
  const what = t(`setting.${name}`, { defaultValue: '' })
  const differs = standard !== undefined && value !== standard
  const common = {
    label: <span className="hd-mono">{name}</span>,
    disabled: !!off,
    description: [off ?? what, differs ? t('default', { value: String(standard) }) : '']
      .filter(Boolean)
      .join(' '),
    error,
  }
  if (typeof value === 'boolean') {
    return <Switch {...common} checked={value} onChange={(event) => change(event.currentTarget.checked)} />
  }
  if (CHOICES[name])
    return <Select {...common} data={CHOICES[name]} value={String(value)} onChange={change} />
  if (typeof value === 'number' || typeof standard === 'number') {
    const whole = Number.isInteger(standard) && Number.isInteger(value)
    return (
      <NumberInput
        {...common}
        value={value === null ? '' : Number(value)}
        min={0}
        step={name === 'imgsz' ? 32 : whole ? 1 : 0.001}
        decimalScale={8}
        onChange={(next) => change(next === '' ? (standard ?? 0) : Number(next))}
      />
    )
  }
  return (
    <TextInput
      {...common}
      value={String(value ?? '')}
      onChange={(event) => change(event.currentTarget.value)}
    />
  )
}
