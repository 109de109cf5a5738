import { Checkbox, NumberInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../api/types'
import { ActionForm } from '../../ui/ActionForm'
import { useDataset } from '../queries'
import {
  type ExportSource,
  FORMATS,
  type Format,
  LINES,
  type Lines,
  predictionSetsQuery,
  useStartExport,
} from './queries'

type Props = {
  dataset: number
  source: ExportSource
  /** Fields that say which images, where that is still open. */
  children?: ReactNode
  /** False while it is not said which images. */
  ready?: boolean
  cancel?: () => void
  onStarted: (job: Job) => void
}

/** In which format, whose labels, with what beside them. */
export function ExportForm({ dataset: id, source, children, ready = true, cancel, onStarted }: Props) {
  const { t } = useTranslation('dataset/exports')
  const [format, setFormat] = useState<Format>('coco')
  const [revision, setRevision] = useState<number | undefined>()
  const [predictions, setPredictions] = useState<string | null>(null)
  const [files, setFiles] = useState(false)
  const [unlabelled, setUnlabelled] = useState(false)
  const [lines, setLines] = useState<Lines>('boxes')
  const newest = useDataset(id).data?.head_revision
  const sets = useQuery(predictionSetsQuery(id)).data ?? []
  const start = useStartExport(id)
  const send = () => {
    const prediction_set = format === 'coco' && predictions ? Number(predictions) : undefined
    const more = format === 'yolo' ? { lines } : {}
    const wish = { ...source, format, revision, prediction_set, files, unlabelled, ...more }
    start.mutate(wish, { onSuccess: onStarted })
  }
  return (
    <ActionForm
      verb={t('start')}
      pending={start.isPending}
      problem={start.error}
      {...{ ready, send, cancel }}
    >
      {children}
      <Select
        label={t('format')}
        description={t(`formatWhat.${format}`)}
        allowDeselect={false}
        data={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
        value={format}
        onChange={(value) => setFormat(value as Format)}
      />
      {format === 'yolo' && (
        <Select
          label={t('lines')}
          description={t('linesWhat')}
          allowDeselect={false}
          data={LINES.map((value) => ({ value, label: t(`line.${value}`) }))}
          value={lines}
          onChange={(value) => setLines(value as Lines)}
        />
      )}
      <NumberInput
        label={t('revision')}
        description={t('revisionWhat')}
        placeholder={newest === undefined ? '' : t('newest', { n: newest })}
        min={0}
        max={newest}
        allowDecimal={false}
        value={revision ?? ''}
        onChange={(value) => setRevision(typeof value === 'number' ? value : undefined)}
      />
      {format === 'coco' && sets.length > 0 && (
        <Select
          label={t('predictions')}
          description={t('predictionsWhat')}
          placeholder={t('noPredictions')}
          clearable
          searchable
          data={sets.map((set) => ({ value: String(set.id), label: set.name }))}
          value={predictions}
          onChange={setPredictions}
        />
      )}
      {format === 'coco' && (
        <Checkbox
          label={t('unlabelled')}
          description={t('unlabelledWhat')}
          checked={unlabelled}
          onChange={(event) => setUnlabelled(event.currentTarget.checked)}
        />
      )}
      <Checkbox
        label={t('files')}
        description={t('filesWhat')}
        checked={files}
        onChange={(event) => setFiles(event.currentTarget.checked)}
      />
    </ActionForm>
  )
}
