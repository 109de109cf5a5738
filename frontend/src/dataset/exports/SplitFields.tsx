import { MultiSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { type ExportSource, SPLITS, type Split } from './queries'
import classes from './SplitFields.module.css'

type NamedSlice = { id: number; name: string; image_count: number }
/** The slices of each split, by their ids as text. */
export type SliceSplits = Record<Split, string[]>

const WORDS: Record<Split, RegExp> = {
  train: /\btrain(ing)?\b/i,
  val: /\bval(id|idation)?\b/i,
  test: /\btest(ing)?\b/i,
}

/** What the slices' names say: the first that is called train, validation or test. */
export function guessed(slices: readonly NamedSlice[]): SliceSplits {
  const called = (split: Split) => slices.filter((one) => WORDS[split].test(one.name)).slice(0, 1)
  const ids = (split: Split) => called(split).map((one) => String(one.id))
  return { train: ids('train'), val: ids('val'), test: ids('test') }
}

/** As an export is asked for. */
export const asSource = (chosen: SliceSplits): NonNullable<ExportSource['splits']> =>
  SPLITS.flatMap((split) => chosen[split].map((id) => ({ slice: Number(id), split })))

type Props = {
  slices: readonly NamedSlice[]
  value: SliceSplits
  onChange: (value: SliceSplits) => void
}

/** Which slices are for training, for validation and for testing. A slice is in one of them. */
export function SplitFields({ slices, value, onChange }: Props) {
  const { t } = useTranslation('dataset/exports')
  const elsewhere = (split: Split, id: string) =>
    SPLITS.some((one) => one !== split && value[one].includes(id))
  return (
    <fieldset className={classes.fields}>
      <legend className="hd-dim">{t('splitsWhat')}</legend>
      {SPLITS.map((split) => (
        <MultiSelect
          key={split}
          label={t(`split.${split}`)}
          searchable
          clearable
          data={slices.map((one) => ({
            value: String(one.id),
            label: `${one.name} (${count(one.image_count)})`,
            disabled: elsewhere(split, String(one.id)),
          }))}
          value={value[split]}
          onChange={(ids) => onChange({ ...value, [split]: ids })}
        />
      ))}
    </fieldset>
  )
}
