import { Select, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../api/client'
import type { AutoCurate, Batch } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import { MadeDialog } from '../../ui/MadeDialog'
import { useCreateBatch } from './queries'

type Props = {
  dataset: number
  /** How many images go; null where that is known only when they are sent. */
  images: number | null
  /** A slice, or a way to make one of that name when the button is pressed. */
  source: { slice: number } | { makeSlice: (name: string) => Promise<number> }
  name?: string
  autoCurate?: number
  close: () => void
}

/** "Send 124 images to Label": makes a batch and gives the way to it. */
export function SendToLabel({ dataset, images, source, name: proposed = '', autoCurate, close }: Props) {
  const { t } = useTranslation('dataset/batches')
  const create = useCreateBatch(dataset)
  const [name, setName] = useState(
    proposed || t('defaultName', { date: new Date().toISOString().slice(0, 10) }),
  )
  const [suggestions, setSuggestions] = useState<string | null>(autoCurate ? String(autoCurate) : null)
  const [predictions, setPredictions] = useState<string | null>(null)
  const [review, setReview] = useState(false)
  const [collecting, setCollecting] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  // Made once, also when the batch is refused and sent again.
  const made = useRef<number | null>(null)
  const slice = async () => {
    if ('slice' in source) return source.slice
    made.current ??= await source.makeSlice(name)
    return made.current
  }
  const send = async () => {
    setCollecting(true)
    setProblem(null)
    try {
      await create.mutateAsync({
        slice: await slice(),
        name,
        review,
        ...(suggestions ? { auto_curate: Number(suggestions) } : {}),
        ...(predictions ? { prediction_set: Number(predictions) } : {}),
      })
    } catch (error) {
      setProblem(error)
    }
    setCollecting(false)
  }
  if (create.data) return <Sent batch={create.data} close={close} />
  return (
    <FormDialog
      title={images === null ? t('titleOfObjects') : t('title', { count: images })}
      verb={images === null ? t('buttonOfObjects') : t('button', { count: images })}
      ready={name.trim() !== ''}
      pending={collecting}
      problem={problem}
      send={() => void send()}
      close={close}
    >
      <TextInput
        label={t('name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Sources {...{ dataset, suggestions, setSuggestions, predictions, setPredictions }} />
      <Switch
        label={t('review')}
        description={t('reviewNote')}
        checked={review}
        onChange={(event) => setReview(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}

type SourcesProps = {
  dataset: number
  suggestions: string | null
  setSuggestions: (id: string | null) => void
  predictions: string | null
  setPredictions: (id: string | null) => void
}

/** What the labeller will see beside the labels: suggestions of an auto-curate run, predictions of a checkpoint. */
function Sources({ dataset, suggestions, setSuggestions, predictions, setPredictions }: SourcesProps) {
  const { t } = useTranslation('dataset/batches')
  const runs = useQuery({
    queryKey: ['auto-curates', dataset, 'with suggestions'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/auto-curates`, { limit: 100 }, signal),
    select: (page) => page.items.filter((run) => run.suggestions > 0),
  })
  const sets = useQuery({
    queryKey: ['prediction-sets', dataset, 'names'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/prediction-sets`, { limit: 100 }, signal),
    select: (page) => page.items,
  })
  const runName = (run: AutoCurate) =>
    `${String(run.params.name ?? t(`autoCurate.${run.kind}`))} · ${t('suggestionsAll', { count: run.suggestions })}`
  return (
    <>
      {runs.data && runs.data.length > 0 && (
        <Select
          label={t('suggestions')}
          placeholder={t('none')}
          clearable
          data={runs.data.map((run) => ({ value: String(run.id), label: runName(run) }))}
          value={suggestions}
          onChange={setSuggestions}
        />
      )}
      {sets.data && sets.data.length > 0 && (
        <Select
          label={t('predictions')}
          description={t('predictionsNote')}
          placeholder={t('none')}
          clearable
          data={sets.data.map((set) => ({ value: String(set.id), label: set.name }))}
          value={predictions}
          onChange={setPredictions}
        />
      )}
    </>
  )
}

function Sent({ batch, close }: { batch: Batch; close: () => void }) {
  const { t } = useTranslation('dataset/batches')
  const total = Object.values(batch.tasks).reduce((sum, some) => sum + some, 0)
  return (
    <MadeDialog title={t('sent')} to={`/batches/${batch.id}`} open={t('open')} close={close}>
      {t('sentNote', { name: batch.name, total: count(total) })}
    </MadeDialog>
  )
}
