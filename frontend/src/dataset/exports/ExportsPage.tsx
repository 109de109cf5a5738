import { Button, SegmentedControl, Select, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../api/types'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { DatasetTabs } from '../DatasetTabs'
import { JobLine } from '../JobLine'
import classes from '../ListAndOne.module.css'
import { useDataset, useSlices } from '../queries'
import { ExportForm } from './ExportForm'
import form from './ExportsPage.module.css'
import { ExportView } from './ExportView'
import { type ExportSource, exportsQuery } from './queries'
import { asSource, guessed, type SliceSplits, SplitFields } from './SplitFields'

const route = getRouteApi('/framed/datasets/$datasetId/exports')

/** Exports at the left, the chosen one or the form for a new one at the right. */
export function ExportsPage() {
  const { t } = useTranslation(['dataset/exports', 'dataset'])
  const id = Number(route.useParams().datasetId)
  const { job } = route.useSearch()
  const navigate = useNavigate()
  const exports = useQuery(exportsQuery(id))
  const show = (chosen?: number) =>
    void navigate({
      to: '/datasets/$datasetId/exports',
      params: { datasetId: String(id) },
      search: { job: chosen },
    })
  useActions([
    { id: 'newExport', label: t('new'), group: t('dataset:tabs.exports'), keys: 'n', perform: () => show() },
  ])
  return (
    <Page
      title={t('dataset:tabs.exports')}
      dataset={id}
      tabs={<DatasetTabs dataset={id} current="exports" />}
      actions={
        job && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => show()}>
            {t('new')}
          </Button>
        )
      }
    >
      <div className={classes.page}>
        <aside className={classes.list} aria-label={t('past')}>
          {exports.data?.length === 0 && <p className={classes.none}>{t('none')}</p>}
          {exports.data?.map((one) => (
            <JobLine
              key={one.id}
              to="/datasets/$datasetId/exports"
              dataset={id}
              job={one}
              current={one.id === job}
            />
          ))}
        </aside>
        <div className={classes.detail}>
          {exports.error && <ProblemNote error={exports.error} />}
          {job ? (
            <ExportView job={job} dataset={id} />
          ) : (
            <NewExport dataset={id} onStarted={(started) => show(started.id)} />
          )}
        </div>
      </div>
    </Page>
  )
}

type Which = 'all' | 'slice' | 'splits' | 'query'

/** Everything, a slice, several as splits, or what a query line finds. */
function NewExport({ dataset: id, onStarted }: { dataset: number; onStarted: (job: Job) => void }) {
  const { t } = useTranslation('dataset/exports')
  const [which, setWhich] = useState<Which>('all')
  const [slice, setSlice] = useState<string | null>(null)
  const [splits, setSplits] = useState<SliceSplits | null>(null)
  const [q, setQ] = useState('')
  const dataset = useDataset(id).data
  const slices = useSlices(id).data ?? []
  const parted = splits ?? guessed(slices)
  const source: Record<Which, ExportSource> = {
    all: {},
    slice: slice ? { slice: Number(slice) } : {},
    splits: { splits: asSource(parted) },
    query: { q },
  }
  const ready = which === 'slice' ? slice !== null : which !== 'splits' || asSource(parted).length > 0
  return (
    <div className={form.form}>
      <h2>{t('title')}</h2>
      <p className="hd-dim">{t('what')}</p>
      <ExportForm dataset={id} source={source[which]} ready={ready} onStarted={onStarted}>
        <SegmentedControl
          aria-label={t('which')}
          style={{ alignSelf: 'flex-start' }}
          value={which}
          onChange={setWhich}
          data={[
            { value: 'all', label: t('whole', { n: dataset ? count(dataset.image_count) : '…' }) },
            { value: 'slice', label: t('slice'), disabled: slices.length === 0 },
            { value: 'splits', label: t('splits'), disabled: slices.length < 2 },
            { value: 'query', label: t('query') },
          ]}
        />
        {which === 'slice' && (
          <Select
            label={t('slice')}
            searchable
            data={slices.map((one) => ({
              value: String(one.id),
              label: `${one.name} (${count(one.image_count)})`,
            }))}
            value={slice}
            onChange={setSlice}
          />
        )}
        {which === 'splits' && <SplitFields slices={slices} value={parted} onChange={setSplits} />}
        {which === 'query' && (
          <Textarea
            label={t('query')}
            placeholder='timeofday = "night" and count(rider) >= 1'
            styles={{ input: { fontFamily: 'var(--hd-mono)' } }}
            autosize
            spellCheck={false}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
          />
        )}
      </ExportForm>
    </div>
  )
}
