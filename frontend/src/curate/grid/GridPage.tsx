import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DatasetTabs } from '../../dataset/DatasetTabs'
import { useDataset } from '../../dataset/queries'
import { Page } from '../../frame/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { Facets } from './Facets'
import { GridBar } from './GridBar'
import classes from './GridPage.module.css'
import { GridView } from './GridView'
import { usePanels } from './panels'
import { QueryLine } from './QueryLine'
import { useGridSearch } from './useGridSearch'
import { useImageList } from './useImages'

/** The images of a dataset: facets, grid, inspector, and the query line that says which. All of it is in the address. */
export function GridPage() {
  const { t } = useTranslation('curate/grid')
  const dataset = Number(useParams({ strict: false }).datasetId)
  const [search, setSearch] = useGridSearch()
  const [panels, showPanel] = usePanels()
  const info = useDataset(dataset)
  const { q, order, evaluation, predictionSet } = search
  const list = useImageList({ dataset, q, order, evaluation, predictionSet })
  return (
    <Page
      title={t('images')}
      dataset={dataset}
      middle={<QueryLine filter={list} apply={(next) => setSearch({ q: next })} />}
      tabs={<DatasetTabs dataset={dataset} current="images" />}
      actions={
        <GridBar
          dataset={dataset}
          search={search}
          setSearch={setSearch}
          panels={panels}
          showPanel={showPanel}
        />
      }
    >
      {info.error ? (
        <ProblemNote error={info.error} retry={info.refetch} />
      ) : (
        <div className={classes.page} data-facets={panels.facets || undefined}>
          {panels.facets && <Facets filter={list} apply={(next) => setSearch({ q: next })} />}
          <GridView
            // Another list is another grid: selection and scroll begin anew.
            key={`${dataset} ${q} ${order} ${evaluation}`}
            list={list}
            search={search}
            setSearch={setSearch}
            panels={panels}
            showPanel={showPanel}
          />
        </div>
      )}
    </Page>
  )
}
