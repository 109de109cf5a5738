import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DatasetTabs } from '../../dataset/DatasetTabs'
import { useDataset } from '../../dataset/queries'
import { Page } from '../../page/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { ImproveButton } from '../improve/ImproveButton'
import { ImageFacets } from './Facets'
import classes from './Facets.module.css'
import { GridBar } from './GridBar'
import page from './GridPage.module.css'
import { GridView } from './GridView'
import { ObjectFacets } from './ObjectFacets'
import { ObjectView } from './ObjectView'
import { type ObjectList, written } from './objects'
import { type PanelName, type Panels, usePanels } from './panels'
import { QueryLine } from './QueryLine'
import type { ImageList } from './queries'
import { ANEW, type GridSearch, type SetSearch, useGridSearch } from './useGridSearch'
import { useImageList } from './useImages'
import { useObjectList } from './useObjects'

/** The images of a dataset, or their objects: facets, grid, inspector, and the query line that says which. All of it is in the address. */
export function GridPage() {
  const { t } = useTranslation('curate/grid')
  const dataset = Number(useParams({ strict: false }).datasetId)
  const [search, setSearch] = useGridSearch()
  const [panels, showPanel] = useShownPanels(search, setSearch)
  const info = useDataset(dataset)
  const { q, order, evaluation, predictionSet } = search
  const list = useImageList({ dataset, q, order, evaluation, predictionSet })
  const objects = useObjectList(list, search.conditions)
  const apply = (next: string) => void setSearch({ ...ANEW, q: next })
  return (
    <Page
      title={t('images')}
      dataset={dataset}
      middle={<QueryLine filter={list} apply={apply} />}
      tabs={
        <>
          <DatasetTabs dataset={dataset} current="images" />
          <ImproveButton dataset={dataset} />
        </>
      }
      actions={<GridBar {...{ dataset, objects, search, setSearch, panels, showPanel }} />}
    >
      {info.error ? (
        <ProblemNote error={info.error} retry={info.refetch} />
      ) : (
        <div className={page.page} data-facets={panels.facets || undefined}>
          {panels.facets && <Facets {...{ list, objects, search, setSearch, apply }} />}
          <Shown {...{ list, objects, search, setSearch, panels, showPanel }} />
        </div>
      )}
    </Page>
  )
}

type ShownProps = {
  list: ImageList
  objects: ObjectList
  search: GridSearch
  setSearch: SetSearch
  panels: Panels
  showPanel: (name: PanelName, shown: boolean) => void
}

/** Another list is another grid: selection and scroll begin anew. */
function Shown({ list, objects, ...others }: ShownProps) {
  if (others.search.view === 'objects')
    return <ObjectView key={JSON.stringify(objects)} list={objects} {...others} />
  const { dataset, q, order, evaluation } = list
  return <GridView key={`${dataset} ${q} ${order} ${evaluation}`} list={list} {...others} />
}

type FacetsProps = Pick<ShownProps, 'list' | 'objects' | 'search' | 'setSearch'> & {
  apply: (q: string) => void
}

function Facets({ list, objects, search, setSearch, apply }: FacetsProps) {
  const { t } = useTranslation('curate/grid')
  const ofObjects = search.view === 'objects'
  return (
    <nav className={classes.facets} aria-label={t('facets')}>
      {ofObjects && (
        <>
          <ObjectFacets
            list={objects}
            ask={(conditions) => void setSearch({ ...ANEW, ...written(conditions) })}
          />
          <p className={classes.break}>{t('ofTheirImages')}</p>
        </>
      )}
      <ImageFacets filter={list} apply={apply} boxes={!ofObjects} />
    </nav>
  )
}

/** The panels as they are remembered on this machine; what the address says comes first. */
function useShownPanels(search: GridSearch, setSearch: SetSearch): ReturnType<typeof usePanels> {
  const [panels, remember] = usePanels()
  const show = (name: PanelName, shown: boolean) => {
    remember(name, shown)
    if (name === 'inspector') void setSearch({ inspector: shown ? 1 : 0 }, true)
  }
  return [{ ...panels, inspector: search.inspector ?? panels.inspector }, show]
}
