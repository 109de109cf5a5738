import { Button, Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, BatchFigures, DatasetClass, GoldTask } from '../../api/types'
import { fileName } from '../../canvas/fileName'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { count, personName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { Table } from '../../ui/Table'
import { toast, toastProblem } from '../../ui/toast'
import { GoldDialog } from './GoldDialog'
import classes from './Quality.module.css'
import { goldQuery, useChangePlan, useReleaseGold } from './queries'
import { Share } from './Share'

type Props = { batch: Batch; figures: BatchFigures | undefined }

/** Tasks that test people; seen by managers alone. */
export function GoldSection({ batch, figures }: Props) {
  const { t } = useTranslation('label/quality')
  const [mixing, setMixing] = useState(false)
  const gold = useQuery(goldQuery(batch.id))
  const release = useReleaseGold(batch.id)
  if (gold.error) return null
  const letGo = () =>
    release.mutate(undefined, {
      onSuccess: ({ released }) => toast(t('gold.released', { count: released })),
      onError: toastProblem,
    })
  const withheld = gold.data?.some((one) => one.withheld)
  const actions = (
    <>
      <Button onClick={() => setMixing(true)}>{t('gold.mix')}</Button>
      {withheld && (
        <Button onClick={letGo} loading={release.isPending}>
          {t('gold.release')}
        </Button>
      )}
    </>
  )
  return (
    <Section title={t('gold.title')} note={t('gold.note')} actions={actions}>
      {gold.data?.length === 0 ? (
        <p className="hd-dim">{t('gold.none')}</p>
      ) : (
        <>
          {figures && <OwnResults batch={batch.id} shown={figures.plan.results_shown ?? false} />}
          <div className={classes.columns}>
            <GoldTable rows={gold.data} />
            <ByClass rows={figures?.by_class} dataset={batch.dataset} />
          </div>
        </>
      )}
      {mixing && <GoldDialog batch={batch} close={() => setMixing(false)} />}
    </Section>
  )
}

function OwnResults({ batch, shown }: { batch: number; shown: boolean }) {
  const { t } = useTranslation('label/quality')
  const change = useChangePlan(batch)
  return (
    <Checkbox
      mb={10}
      label={t('gold.shown')}
      checked={shown}
      onChange={(event) =>
        change.mutate({ results_shown: event.currentTarget.checked }, { onError: toastProblem })
      }
    />
  )
}

function GoldTable({ rows }: { rows: GoldTask[] | undefined }) {
  const { t } = useTranslation('label/quality')
  return (
    <Table
      label={t('gold.title')}
      rows={rows}
      rowKey={(row) => row.task}
      columns={[
        {
          key: 'image',
          head: t('gold.image'),
          cell: (row) => (
            <Link to="/tasks/$taskId" params={{ taskId: String(row.task) }}>
              {fileName(row.image.key)}
            </Link>
          ),
        },
        { key: 'objects', head: t('gold.objects'), cell: (row) => count(row.objects), numeric: true },
        { key: 'results', head: t('gold.results'), cell: (row) => <Marks of={row} /> },
      ]}
    />
  )
}

function Marks({ of }: { of: GoldTask }) {
  const { t } = useTranslation('label/quality')
  const marks = of.results.map((one) =>
    t('gold.mark', {
      name: personName(one.person),
      right: one.right,
      wrong: one.wrong_class + one.missed + one.extra,
    }),
  )
  return (
    <span className={classes.small}>
      {[...marks, ...(of.withheld ? [] : [t('gold.ordinary')])].join(' · ')}
    </span>
  )
}

function ByClass({ rows, dataset }: { rows: BatchFigures['by_class'] | undefined; dataset: number }) {
  const { t } = useTranslation('label/quality')
  const named: Map<number, DatasetClass> = useClasses(dataset)
  return (
    <Table
      label={t('gold.byClass')}
      rows={rows}
      rowKey={(row) => row.class_id}
      columns={[
        { key: 'class', head: t('gold.class'), cell: (row) => <ClassName of={named.get(row.class_id)} /> },
        {
          key: 'error',
          head: t('people.error'),
          numeric: true,
          sort: (row) => row.rate,
          cell: (row) => (
            <Share
              value={row.rate}
              interval={row.interval}
              how={t('people.errorHow', { ...row, wrong: row.answers - row.right })}
            />
          ),
        },
      ]}
    />
  )
}
