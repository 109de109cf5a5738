import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../accounts/projects'
import { atLeast } from '../accounts/roles'
import { address } from '../api/client'
import type { Baseline, Checkpoint } from '../api/types'
import { useDataset } from '../dataset/queries'
import { Page } from '../page/Page'
import { bytes, million, number } from '../ui/format'
import { Hash } from '../ui/Hash'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { type Column, Table } from '../ui/Table'
import { Time } from '../ui/Time'
import { ExportedForms } from './ExportedForms'
import { MeasureDialog } from './MeasureDialog'
import { Measured } from './Measured'
import { ModelTabs } from './ModelTabs'
import { baselinesQuery, checkpointsQuery } from './queries'
import { UploadWeights } from './UploadWeights'

const route = getRouteApi('/framed/model/$datasetId/baselines')

/** What can be trained, and the weights that there are. */
export function BaselinesPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const project = useDataset(id).data?.project
  const role = useProject(project)?.role
  const baselines = useQuery(baselinesQuery(project))
  const checkpoints = useQuery(checkpointsQuery(id))
  const checkpointColumns = useCheckpointColumns()
  const error = baselines.error ?? checkpoints.error
  return (
    <Page
      title={t('tabs.baselines')}
      dataset={id}
      padded
      tabs={<ModelTabs dataset={id} current="baselines" />}
    >
      {error && <ProblemNote error={error} />}
      <Baselines rows={baselines.data} project={atLeast(role, 'manager') ? project : undefined} />
      <Section title={t('checkpoints')} note={t('checkpointsWhat')}>
        <Table
          label={t('checkpoints')}
          columns={checkpointColumns}
          rows={checkpoints.data}
          rowKey={(one) => one.id}
          empty={t('noCheckpoints')}
        />
        {project !== undefined && atLeast(role, 'owner') && <UploadWeights project={project} />}
      </Section>
      <ExportedForms dataset={id} checkpoints={checkpoints.data?.filter(isOfNoRun) ?? []} />
    </Page>
  )
}

/** `project` is whose job a measurement becomes; none for who may not measure. */
function Baselines({ rows, project }: { rows: Baseline[] | undefined; project: number | undefined }) {
  const { t } = useTranslation('model')
  const [asked, setAsked] = useState<Baseline>()
  const columns = useBaselineColumns(project === undefined ? undefined : setAsked)
  const [sought, setSought] = useState('')
  return (
    <Section
      title={t('tabs.baselines')}
      note={t('baselinesWhat')}
      actions={
        <TextInput
          size="xs"
          w={220}
          aria-label={t('seekBaseline')}
          placeholder={t('seekBaseline')}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      }
    >
      <Table
        label={t('tabs.baselines')}
        columns={columns}
        rows={rows?.filter((one) => holds(one, sought))}
        rowKey={(one) => one.name}
        empty={t('noSuchBaseline')}
      />
      {asked && project !== undefined && (
        <MeasureDialog project={project} baseline={asked} close={() => setAsked(undefined)} />
      )}
    </Section>
  )
}

/** Whether each word that is sought stands in the name, the licence or the note. */
const holds = ({ title, licence, note }: Baseline, sought: string) =>
  sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${title} ${licence} ${note}`.toLowerCase().includes(word))

/** Those of a run are exported on its page. */
const isOfNoRun = ({ run }: Checkpoint) => run === null

function useBaselineColumns(measure: ((one: Baseline) => void) | undefined): Column<Baseline>[] {
  const { t } = useTranslation('model')
  return [
    { key: 'title', head: t('architecture'), width: 160, sort: (one) => one.title, cell: (one) => one.title },
    {
      key: 'params',
      head: t('params'),
      numeric: true,
      width: 110,
      sort: (one) => one.params,
      cell: (one) => million(one.params),
    },
    {
      key: 'gflops',
      head: t('gflops'),
      numeric: true,
      width: 130,
      sort: (one) => one.gflops,
      cell: (one) => number(one.gflops),
    },
    {
      key: 'licence',
      head: t('licence'),
      width: 110,
      cell: (one) => <span className="hd-dim">{one.licence}</span>,
    },
    {
      key: 'gpu',
      head: 'GPU',
      width: 70,
      sort: (one) => Number(one.needs_gpu),
      cell: (one) => (one.needs_gpu ? t('measure.needed') : <span className="hd-dim">–</span>),
    },
    {
      key: 'measured',
      head: t('measure.here'),
      width: '26%',
      sort: (one) => one.measured[0]?.trained_per_second ?? -1,
      cell: (one) => <Measured baseline={one} measure={measure && (() => measure(one))} />,
    },
    {
      key: 'weights',
      head: t('startsFrom'),
      cell: (one) => one.weights.map(({ id, label }) => (id === 'scratch' ? t('scratch') : label)).join(', '),
    },
    { key: 'note', head: '', width: '20%', cell: (one) => <span className="hd-dim">{one.note}</span> },
  ]
}

function useCheckpointColumns(): Column<Checkpoint>[] {
  const { t } = useTranslation('model')
  return [
    {
      key: 'name',
      head: t('name'),
      cell: (one) =>
        one.run ? (
          <Link to="/runs/$runId" params={{ runId: String(one.run) }}>
            {one.name}
          </Link>
        ) : (
          one.name
        ),
    },
    {
      key: 'kind',
      head: t('kind'),
      width: 100,
      cell: (one) => <span className="hd-dim">{t(`kinds.${one.kind}`)}</span>,
    },
    { key: 'architecture', head: t('architecture'), width: 110, cell: (one) => one.architecture },
    {
      key: 'classes',
      head: t('classes'),
      numeric: true,
      width: 80,
      cell: (one) => <span title={one.classes.join(', ')}>{one.classes.length}</span>,
    },
    { key: 'size', head: t('size'), numeric: true, width: 90, cell: (one) => bytes(one.size) },
    { key: 'sha', head: 'SHA-256', width: 130, cell: (one) => <Hash value={one.sha256} length={10} /> },
    { key: 'at', head: t('at'), width: 110, cell: (one) => <Time at={one.created_at} /> },
    {
      key: 'file',
      head: '',
      width: 90,
      cell: (one) => (
        <a href={address(`checkpoints/${one.id}/file`, {})} download>
          {t('download')}
        </a>
      ),
    },
  ]
}
