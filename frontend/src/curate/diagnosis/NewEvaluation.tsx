import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDataset, useSlices } from '../../dataset/queries'
import { useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { predictionSetsQuery, useStartEvaluation } from './queries'

/** Judge a prediction set on the newest labels, on all of its images or on those of a slice. */
export function NewEvaluation({ dataset, close }: { dataset: number; close: () => void }) {
  const { t } = useTranslation('curate/diagnosis')
  const sets = useQuery(predictionSetsQuery(dataset)).data
  const slices = useSlices(dataset).data
  const head = useDataset(dataset).data?.head_revision ?? 0
  const [judged, setJudged] = useState<string | null>(null)
  const [slice, setSlice] = useState<string | null>(null)
  const start = useStartEvaluation(dataset)
  const go = useGo()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate(
      { prediction_set: Number(judged), slice: slice ? Number(slice) : undefined },
      { onSuccess: (job) => (job.link ? go(job.link) : close()) },
    )
  }
  return (
    <Modal opened onClose={close} title={t('new')} size={460}>
      <form onSubmit={submit}>
        <Stack gap={14}>
          <Select
            label={t('predictions')}
            description={t('predictionsWhat')}
            searchable
            data-autofocus
            data={sets?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
            nothingFoundMessage={t('noPredictions')}
            value={judged}
            onChange={setJudged}
          />
          <Select
            label={t('within')}
            description={t('withinWhat')}
            placeholder={t('allImages')}
            clearable
            searchable
            data={slices?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
            value={slice}
            onChange={setSlice}
          />
          <p className="hd-dim">{t('onNewest', { n: head })}</p>
          {start.isError && <ProblemNote error={start.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!judged} loading={start.isPending}>
            {t('evaluate')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
