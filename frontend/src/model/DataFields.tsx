import { Checkbox, MultiSelect, NumberInput, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Run, Slice } from '../api/types'
import { useDataset } from '../dataset/queries'
import { sliceClause } from '../dataset/query/queryText'
import { count } from '../ui/format'
import { PathLink } from '../ui/PathLink'
import type { RunDraft } from './draft'
import { useImageCount } from './queries'
import classes from './RunForm.module.css'

type Props = {
  dataset: number
  draft: RunDraft
  slices: Slice[]
  parent?: Run
  change: (part: Partial<RunDraft>) => void
}

/** Slices to train on, the slice to judge by, and the labels' revision. */
export function DataFields({ dataset, draft, slices, parent, change }: Props) {
  const { t } = useTranslation('model')
  const head = useDataset(dataset).data?.head_revision
  const options = slices.map((slice) => ({
    value: String(slice.id),
    label: `${slice.name} · ${count(slice.image_count)}`,
  }))
  return (
    <>
      <MultiSelect
        size="xs"
        label={t('trainSlices')}
        description={t(parent ? 'trainSlicesMore' : 'trainSlicesWhat')}
        searchable
        data={options.filter(({ value }) => Number(value) !== draft.validationSlice)}
        value={draft.trainSlices.map(String)}
        onChange={(ids) => change({ trainSlices: ids.map(Number) })}
      />
      <div className={classes.pair}>
        <Select
          label={t('validationSlice')}
          description={t('validationWhat')}
          searchable
          data={options.filter(({ value }) => !draft.trainSlices.includes(Number(value)))}
          value={draft.validationSlice === null ? null : String(draft.validationSlice)}
          onChange={(id) => change({ validationSlice: Number(id) })}
        />
        <NumberInput
          label={t('revision')}
          description={t('revisionWhat', { n: head })}
          placeholder={head === undefined ? '' : String(head)}
          min={1}
          max={head}
          allowDecimal={false}
          value={draft.revision ?? ''}
          onChange={(value) => change({ revision: value === '' ? null : Number(value) })}
        />
      </div>
      <Unlabelled dataset={dataset} draft={draft} slices={slices} change={change} />
      <Overlap dataset={dataset} draft={draft} slices={slices} />
    </>
  )
}

/** Says before the start how many images would be left out, as nothing is known of them, and lets one refuse that. */
function Unlabelled({ dataset, draft, slices, change }: Omit<Props, 'parent'>) {
  const { t } = useTranslation('model')
  const q = trainingQuery(draft, slices)
  const unlabelled = q && `(${q}) and not labelled`
  const images = useImageCount(dataset, q).data
  const { data } = useImageCount(dataset, unlabelled)
  if (!unlabelled || !data || images === undefined) return null
  const refuses = draft.unlabelled === 'refuse'
  return (
    <div className={classes.warn} data-blocks={refuses || undefined} role="status">
      {t(refuses ? 'unlabelledRefused' : 'unlabelledLeftOut', { n: count(data), of: count(images) })}{' '}
      <PathLink href={`/datasets/${dataset}?q=${encodeURIComponent(unlabelled)}`} target="_blank">
        {t('seeThem')}
      </PathLink>
      <Checkbox
        mt={6}
        label={t('unlabelledRefuse')}
        checked={refuses}
        onChange={(event) => change({ unlabelled: event.currentTarget.checked ? 'refuse' : 'leave_out' })}
      />
    </div>
  )
}

/** The query line for the images to train on; null while none are chosen. */
export function trainingQuery(draft: Pick<RunDraft, 'trainSlices'>, slices: Slice[]): string | null {
  const chosen = slices.filter(({ id }) => draft.trainSlices.includes(id))
  return chosen.length > 0 ? chosen.map(({ name }) => sliceClause(name)).join(' or ') : null
}

/** Says before the start what the server would refuse: images that are trained on and judged by. */
function Overlap({ dataset, draft, slices }: Pick<Props, 'dataset' | 'draft' | 'slices'>) {
  const { t } = useTranslation('model')
  const q = overlapQuery(draft, slices)
  const { data } = useImageCount(dataset, q)
  if (!q || !data) return null
  return (
    <p className={classes.warn} data-blocks role="alert">
      {t('overlap', { count: data, n: count(data) })}{' '}
      <PathLink href={`/datasets/${dataset}?q=${encodeURIComponent(q)}`} target="_blank">
        {t('seeThem')}
      </PathLink>
    </p>
  )
}

/** The query line for images on both sides; null while a side is not chosen. */
export function overlapQuery(
  draft: Pick<RunDraft, 'trainSlices' | 'validationSlice'>,
  slices: Slice[],
): string | null {
  const clause = (id: number | null) => {
    const slice = slices.find((one) => one.id === id)
    return slice ? [sliceClause(slice.name)] : []
  }
  const train = draft.trainSlices.flatMap(clause)
  const validation = clause(draft.validationSlice)
  if (train.length === 0 || validation.length === 0) return null
  return `${validation[0]} and (${train.join(' or ')})`
}
