import { Select, Slider } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, DatasetClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive } from '../../jobs/queries'
import { ClassName } from '../../ui/ClassName'
import { FormDialog } from '../../ui/FormDialog'
import { count, number } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import { toast } from '../../ui/toast'
import classes from './AssistPart.module.css'
import { type Prelabel, prelabelsQuery, useApplyPrelabel, useSource, useStartPrelabel } from './queries'
import {
  boxesAt,
  boxesOf,
  type Chosen,
  type PrelabelClass,
  STEPS,
  scoreAt,
  stepOf,
  thresholdsOf,
} from './thresholds'
import { useCheckpointChoices } from './useCheckpointChoices'
import { useFollowed } from './useFollowed'

type Props = { batch: Batch; begun: Prelabel | null; close: () => void }

/** Choose a checkpoint, look what it proposes, choose thresholds, write. Nothing is written before the last step. */
export function PrelabelDialog({ batch, begun, close }: Props) {
  const [id, setId] = useState(begun?.id ?? null)
  const row = useQuery(prelabelsQuery(batch.id)).data?.find((one) => one.id === id)
  if (row?.state === 'looked' && row.per_class) return <Thresholds row={row} batch={batch} close={close} />
  return <Look batch={batch} row={row} started={setId} close={close} />
}

type LookProps = { batch: Batch; row: Prelabel | undefined; started: (id: number) => void; close: () => void }

function Look({ batch, row, started, close }: LookProps) {
  const { t } = useTranslation('label/assist')
  const source = useSource(batch.id).data
  const choices = useCheckpointChoices(batch.dataset)
  const start = useStartPrelabel(batch.id)
  const job = useFollowed(row, batch.id)
  const [chosen, setChosen] = useState<string | null>(null)
  const value = chosen ?? (source?.kind === 'checkpoint' ? String(source.id) : null)
  const looking = row?.state === 'asked' && (!job || isActive(job))
  const send = () =>
    start.mutate(value === null ? null : Number(value), { onSuccess: (made) => started(made.id) })
  return (
    <FormDialog
      title={t('prelabel.begin')}
      verb={t('prelabel.look')}
      ready={value !== null && !looking}
      pending={start.isPending}
      problem={start.error}
      send={send}
      close={close}
    >
      <p className="hd-dim">{t('prelabel.how')}</p>
      <Select
        label={t('prelabel.checkpoint')}
        data={choices.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={value}
        onChange={setChosen}
        allowDeselect={false}
        nothingFoundMessage={t('source.none')}
        placeholder={choices.length === 0 ? t('source.none') : undefined}
        disabled={looking}
        data-autofocus
      />
      {looking && job && <JobProgress job={job} />}
      {looking && <p className="hd-dim">{t('prelabel.mayLeave')}</p>}
      {job?.state === 'failed' && <p role="alert">{job.error}</p>}
    </FormDialog>
  )
}

function Thresholds({ row, batch, close }: { row: Prelabel; batch: Batch; close: () => void }) {
  const { t } = useTranslation('label/assist')
  const named = useClasses(batch.dataset)
  const apply = useApplyPrelabel(row.id)
  const [chosen, setChosen] = useState<Chosen>(new Map())
  const rows = row.per_class ?? []
  const boxes = boxesOf(rows, chosen)
  const choose = (id: number, step: number) => setChosen((was) => new Map(was).set(id, step))
  const send = () =>
    apply.mutate(thresholdsOf(rows, chosen), {
      onSuccess: () => {
        toast(t('prelabel.writing'))
        close()
      },
    })
  return (
    <FormDialog
      title={t('prelabel.what', { name: row.checkpoint_name })}
      verb={t('prelabel.write', { count: boxes })}
      ready={boxes > 0}
      pending={apply.isPending}
      problem={apply.error}
      size={640}
      send={send}
      close={close}
    >
      <p className="hd-dim">{t('prelabel.untouched', { count: row.tasks })}</p>
      <Table
        label={t('prelabel.thresholds')}
        columns={columns(t, named, chosen, choose)}
        rows={rows}
        rowKey={({ class_id }) => class_id}
        empty={t('prelabel.nothing')}
      />
    </FormDialog>
  )
}

type T = ReturnType<typeof useTranslation<'label/assist'>>['t']

function columns(
  t: T,
  named: ReadonlyMap<number, DatasetClass>,
  chosen: Chosen,
  choose: (id: number, step: number) => void,
): Column<PrelabelClass>[] {
  return [
    {
      key: 'class',
      head: t('prelabel.class'),
      cell: ({ class_id }) => <ClassName of={named.get(class_id)} />,
    },
    {
      key: 'from',
      head: t('prelabel.from'),
      cell: (row) => (
        <span className={classes.range}>
          <Slider
            size="xs"
            className={classes.slider}
            min={0}
            max={STEPS}
            label={null}
            value={stepOf(row, chosen)}
            onChange={(step) => choose(row.class_id, step)}
            thumbLabel={t('prelabel.thresholdOf', { name: named.get(row.class_id)?.name ?? '' })}
          />
          <span className="hd-num">
            {stepOf(row, chosen) >= STEPS ? t('prelabel.noneOf') : scoreAt(stepOf(row, chosen)).toFixed(2)}
          </span>
        </span>
      ),
    },
    {
      key: 'why',
      head: t('prelabel.best'),
      cell: ({ known, threshold }) => (
        <span className="hd-dim">{known ? number(threshold, 2) : t('prelabel.unknown')}</span>
      ),
    },
    {
      key: 'boxes',
      head: t('prelabel.boxes'),
      cell: (row) => count(boxesAt(row, stepOf(row, chosen))),
      numeric: true,
    },
  ]
}
