import { SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSlices } from '../../../dataset/queries'
import { useMay } from '../../../dataset/useMay'
import { ActionForm } from '../../../ui/ActionForm'
import { useGo } from '../../../ui/PathLink'
import { predictionSetsQuery } from '../queries'
import { FileFields } from './FileFields'
import { HowFields } from './HowFields'
import { type How, type Judged, judgeableQuery, useBringPredictions, useEvaluate } from './queries'
import { Warning } from './Warning'

type Props = {
  dataset: number
  checkpoint?: number
  close: () => void
  predicting: (job: number) => void
  brought: (job: number) => void
}
type What = 'set' | 'checkpoint' | 'file'

/** What is judged, on which images, by which labels; and before it starts whether that would be a test. */
export function Ask({ dataset, checkpoint, close, predicting, brought }: Props) {
  const { t } = useTranslation('curate/evaluations/new')
  const manages = useMay(dataset, 'manager')
  const sets = useQuery(predictionSetsQuery(dataset)).data
  const checkpoints = useQuery(judgeableQuery(dataset)).data
  const slices = useSlices(dataset).data
  const [asked, setWhat] = useState<What | null>(checkpoint ? 'checkpoint' : null)
  const what = asked ?? (manages && sets?.length === 0 ? 'file' : 'set')
  const [set, setSet] = useState<string | null>(null)
  const [weights, setWeights] = useState<string | null>(checkpoint ? String(checkpoint) : null)
  const [file, setFile] = useState<File | null>(null)
  const [annotations, setAnnotations] = useState<File | null>(null)
  const [sent, setSent] = useState<number | null>(null)
  const [how, setHow] = useState<How>({ iou: 0.5 })
  const evaluate = useEvaluate(dataset)
  const bring = useBringPredictions(dataset)
  const go = useGo()
  const judged: Judged | null =
    what === 'set' && set
      ? { prediction_set: Number(set) }
      : what === 'checkpoint' && weights
        ? { checkpoint: Number(weights) }
        : null
  const send = () => {
    if (what === 'file' && file)
      bring.mutate(
        { file, annotations: annotations ?? undefined, slice: how.slice, onProgress: setSent },
        { onSuccess: (job) => brought(job.id), onSettled: () => setSent(null) },
      )
    else if (judged)
      evaluate.mutate(
        { judged, how },
        {
          onSuccess: (job) =>
            'checkpoint' in judged ? predicting(job.id) : job.link ? go(job.link) : close(),
        },
      )
  }
  return (
    <ActionForm
      verb={t(`start.${what}`)}
      ready={what === 'file' ? file !== null : judged !== null}
      pending={evaluate.isPending || bring.isPending}
      problem={what === 'file' ? bring.error : evaluate.error}
      send={send}
      cancel={close}
    >
      <SegmentedControl
        aria-label={t('what')}
        fullWidth
        value={what}
        onChange={setWhat}
        data={(['set', 'checkpoint', 'file'] as const).map((value) => ({
          value,
          label: t(`whats.${value}`),
          disabled: value !== 'set' && !manages,
        }))}
      />
      {what === 'set' && (
        <Select
          label={t('predictions')}
          description={t('predictionsWhat')}
          searchable
          data-autofocus
          data={sets?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
          nothingFoundMessage={t('noPredictions')}
          value={set}
          onChange={setSet}
        />
      )}
      {what === 'checkpoint' && (
        <Select
          label={t('checkpoint')}
          description={t('checkpointWhat')}
          searchable
          data-autofocus
          data={checkpoints?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
          nothingFoundMessage={t('noCheckpoint')}
          value={weights}
          onChange={setWeights}
        />
      )}
      {what === 'file' && (
        <FileFields
          file={file}
          setFile={setFile}
          annotations={annotations}
          setAnnotations={setAnnotations}
          sent={sent}
        />
      )}
      <Select
        label={t(`slice.${what}`)}
        description={t(`sliceWhat.${what}`)}
        placeholder={t(`slicePlaceholder.${what}`)}
        clearable
        searchable
        data={slices?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
        value={how.slice ? String(how.slice) : null}
        onChange={(value) => setHow({ ...how, slice: value ? Number(value) : undefined })}
      />
      {what !== 'file' && <HowFields dataset={dataset} how={how} set={setHow} />}
      {judged && <Warning dataset={dataset} judged={judged} how={how} />}
    </ActionForm>
  )
}
