import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useDataset } from '../../../dataset/queries'
import { number } from '../../../ui/format'
import classes from './Evaluate.module.css'
import { type How, newestRevisionsQuery } from './queries'

const IOUS = Array.from({ length: 10 }, (_, at) => (50 + 5 * at) / 100)

/** The revision of the labels, and the IoU of the verdicts. */
export function HowFields({ dataset, how, set }: { dataset: number; how: How; set: (how: How) => void }) {
  const { t } = useTranslation('curate/evaluations/new')
  const revisions = useQuery(newestRevisionsQuery(dataset)).data ?? []
  const head = useDataset(dataset).data?.head_revision ?? 0
  return (
    <div className={classes.pair}>
      <Select
        label={t('labels')}
        description={t('labelsWhat')}
        clearable={how.revision !== undefined}
        searchable
        placeholder={t('newest', { n: head })}
        data={revisions.map((one) => ({
          value: String(one.number),
          label: one.message ? `r${one.number} · ${one.message}` : `r${one.number}`,
        }))}
        value={how.revision === undefined ? null : String(how.revision)}
        onChange={(value) => set({ ...how, revision: value ? Number(value) : undefined })}
      />
      <Select
        label={t('iou')}
        description={t('iouWhat')}
        data={IOUS.map((value) => ({ value: String(value), label: number(value, 2) }))}
        value={String(how.iou)}
        onChange={(value) => set({ ...how, iou: Number(value) })}
      />
    </div>
  )
}
