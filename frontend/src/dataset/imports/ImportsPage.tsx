import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { ProblemNote } from '../../ui/ProblemNote'
import { DatasetTabs } from '../DatasetTabs'
import { JobLine } from '../JobLine'
import classes from '../ListAndOne.module.css'
import { useDataset } from '../queries'
import { useMay } from '../useMay'
import { ImportForm } from './ImportForm'
import { ImportView } from './ImportView'
import { importsQuery } from './queries'

const route = getRouteApi('/framed/datasets/$datasetId/imports')

/** Imports at the left, the chosen one's report or the form for a new one at the right. */
export function ImportsPage() {
  const { t } = useTranslation(['dataset/imports', 'dataset'])
  const id = Number(route.useParams().datasetId)
  const { job } = route.useSearch()
  const navigate = useNavigate()
  const imports = useQuery(importsQuery(id))
  const dataset = useDataset(id)
  const manages = useMay(id, 'manager')
  const show = (chosen?: number) =>
    void navigate({
      to: '/datasets/$datasetId/imports',
      params: { datasetId: String(id) },
      search: { job: chosen },
    })
  useActions([
    {
      id: 'newImport',
      label: t('new'),
      group: t('dataset:tabs.imports'),
      keys: 'n',
      disabled: !manages,
      perform: () => show(),
    },
  ])
  const error = imports.error ?? dataset.error
  return (
    <Page
      title={t('dataset:tabs.imports')}
      dataset={id}
      tabs={<DatasetTabs dataset={id} current="imports" />}
      actions={
        job &&
        manages && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => show()}>
            {t('new')}
          </Button>
        )
      }
    >
      <div className={classes.page}>
        <aside className={classes.list} aria-label={t('past')}>
          {imports.data?.length === 0 && <p className={classes.none}>{t('none')}</p>}
          {imports.data?.map((one) => (
            <JobLine
              key={one.id}
              to="/datasets/$datasetId/imports"
              dataset={id}
              job={one}
              current={one.id === job}
            />
          ))}
        </aside>
        <div className={classes.detail}>
          {error && <ProblemNote error={error} />}
          {job && <ImportView key={job} job={job} dataset={id} onStarted={(started) => show(started.id)} />}
          {!job && manages && <ImportForm dataset={id} onStarted={(started) => show(started.id)} />}
          {!job && dataset.data && !manages && <p className="hd-dim">{t('onlyManagers')}</p>}
        </div>
      </div>
    </Page>
  )
}
