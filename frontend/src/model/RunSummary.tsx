import { useTranslation } from 'react-i18next'
import type { RunSettings, Slice } from '../api/types'
import { sliceClause } from '../dataset/query/queryText'
import { count } from '../ui/format'
import { type RunDraft, steps } from './draft'
import { useImageCount } from './queries'
import classes from './RunForm.module.css'

/** On fewer optimiser steps than this a detector has learnt little, whatever its data. */
const FEW_STEPS = 300
/** Below this an interval on mAP is so wide that few gains can be shown. */
const FEW_VALIDATION_IMAGES = 100

type Props = {
  dataset: number
  draft: RunDraft
  settings: RunSettings
  slices: Slice[]
  withControl: boolean
}

/** What the run comes to, and what speaks against it, before it is started. */
export function RunSummary({ dataset, draft, settings, slices, withControl }: Props) {
  const { t } = useTranslation('model')
  const chosen = slices.filter(({ id }) => draft.trainSlices.includes(id))
  const q = chosen.length > 0 ? chosen.map(({ name }) => sliceClause(name)).join(' or ') : null
  const images = useImageCount(dataset, q).data
  const validation = slices.find(({ id }) => id === draft.validationSlice)?.image_count
  const total = images === undefined ? null : steps(images, settings)
  return (
    <>
      <dl style={{ margin: 0 }}>
        <Total name={t('trainImages')} value={images} />
        <Total name={t('validationImages')} value={validation} />
        <Total name={t('steps')} value={total ?? undefined} />
        {withControl && <Total name={t('runsStarted')} value={2} />}
      </dl>
      {total !== null && total < FEW_STEPS && (
        <p className={classes.warn}>{t('fewSteps', { n: count(total) })}</p>
      )}
      {validation !== undefined && validation < FEW_VALIDATION_IMAGES && (
        <p className={classes.warn}>{t('fewValidation', { n: count(validation) })}</p>
      )}
    </>
  )
}

function Total({ name, value }: { name: string; value: number | undefined }) {
  return (
    <div className={classes.total}>
      <dt>{name}</dt>
      <dd>{value === undefined ? '–' : count(value)}</dd>
    </div>
  )
}
