import { ActionIcon, Checkbox, MultiSelect, NumberInput, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RunSettings, Searchable, SettingRange } from '../../api/types'
import { proposedRange } from './draft'
import classes from './SearchForm.module.css'

const MOST = 8

type Props = {
  known: Searchable[]
  ranges: SettingRange[]
  /** The unchanged ones, which stand beside the ranges. */
  settings: RunSettings
  errors: Record<string, string[]>
  change: (ranges: SettingRange[]) => void
}

/** Which settings are searched for, and where. */
export function RangeFields({ known, ranges, settings, errors, change }: Props) {
  const { t } = useTranslation('model')
  const taken = ranges.map(({ name }) => name)
  const add = (name: string | null) => {
    const one = known.find((each) => each.name === name)
    if (one) change([...ranges, proposedRange(one)])
  }
  return (
    <>
      {ranges.map((one, place) => (
        <RangeRow
          key={one.name}
          range={one}
          of={known.find(({ name }) => name === one.name)}
          unchanged={settings[one.name]}
          error={errors[`ranges.${one.name}`]?.join(' ')}
          change={(next) => change(ranges.map((was, at) => (at === place ? next : was)))}
          remove={() => change(ranges.filter((_, at) => at !== place))}
        />
      ))}
      <Select
        className={classes.add}
        label={t('search.add')}
        description={ranges.length >= MOST ? t('search.most', { count: MOST }) : undefined}
        placeholder={t('search.addWhich')}
        searchable
        disabled={ranges.length >= MOST}
        data={known
          .filter(({ name }) => !taken.includes(name))
          .map(({ name }) => ({ value: name, label: name }))}
        value={null}
        onChange={add}
      />
    </>
  )
}

type RowProps = {
  range: SettingRange
  of: Searchable | undefined
  unchanged: RunSettings[string] | undefined
  error?: string
  change: (range: SettingRange) => void
  remove: () => void
}

function RangeRow({ range, of, unchanged, error, change, remove }: RowProps) {
  const { t } = useTranslation('model')
  const { name } = range
  const what = t(`setting.${name}`, { defaultValue: '' })
  return (
    <fieldset className={classes.range}>
      <legend className="hd-mono">{name}</legend>
      {of && of.choices.length > 0 ? (
        <MultiSelect
          className={classes.choices}
          size="xs"
          label={t('search.choices')}
          data={of.choices.map(String)}
          value={(range.choices ?? []).map(String)}
          onChange={(values) =>
            change({ ...range, choices: of.choices.filter((one) => values.includes(String(one))) })
          }
        />
      ) : (
        <>
          {(['low', 'high'] as const).map((side) => (
            <NumberInput
              key={side}
              label={t(`search.${side}`)}
              value={range[side] ?? ''}
              min={0}
              step={name === 'imgsz' ? 32 : of?.kind === 'int' ? 1 : 0.001}
              allowDecimal={of?.kind !== 'int'}
              decimalScale={8}
              onChange={(value) => change({ ...range, [side]: value === '' ? null : Number(value) })}
            />
          ))}
          <Checkbox
            className={classes.log}
            label={t('search.log')}
            disabled={name === 'imgsz'}
            checked={range.log ?? false}
            onChange={(event) => change({ ...range, log: event.currentTarget.checked })}
          />
        </>
      )}
      <ActionIcon className={classes.remove} aria-label={t('search.remove', { name })} onClick={remove}>
        <IconX size={14} />
      </ActionIcon>
      <p className="hd-dim">
        {[what, unchanged === undefined ? '' : t('search.unchangedIs', { value: String(unchanged) })]
          .filter(Boolean)
          .join(' ')}
      </p>
      {error && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
