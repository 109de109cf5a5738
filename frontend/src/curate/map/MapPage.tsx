import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../page/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { CurateTabs } from '../CurateTabs'
import { QueryLine } from '../grid/QueryLine'
import { ColourBy } from './ColourBy'
import { Missing, NoMap } from './ComputeEmbeddings'
import classes from './MapPage.module.css'
import { MapView } from './MapView'
import { embeddingsQuery, mapQuery } from './queries'
import { useMapSearch } from './useMapSearch'

/** All images of a dataset on a plane, like beside like; what is drawn around becomes a slice or goes to Label. */
export function MapPage() {
  const { t } = useTranslation('curate/map')
  const dataset = Number(useParams({ strict: false }).datasetId)
  const [search, , set] = useMapSearch()
  const embedded = useQuery(embeddingsQuery(dataset))
  const id = search.map ?? embedded.data?.map ?? null
  const map = useQuery({ ...mapQuery(dataset, id ?? 0), enabled: id !== null })
  const error = embedded.error ?? map.error
  return (
    <Page
      title={t('title')}
      dataset={dataset}
      middle={
        id !== null && (
          <QueryLine
            filter={{ dataset, q: search.q, evaluation: null }}
            apply={(q) => set({ q: q || undefined })}
          />
        )
      }
      tabs={<CurateTabs dataset={dataset} current="map" />}
      actions={id !== null && <ColourBy dataset={dataset} by={search.by} set={(by) => set({ by })} />}
    >
      {error ? (
        <div style={{ padding: 18 }}>
          <ProblemNote error={error} retry={() => void (embedded.error ? embedded : map).refetch()} />
        </div>
      ) : embedded.data && id === null ? (
        <div className={classes.empty}>
          <NoMap dataset={dataset} of={embedded.data} />
        </div>
      ) : embedded.data && map.data ? (
        <div className={classes.page}>
          <Missing dataset={dataset} of={embedded.data} />
          <MapView key={map.data.id} dataset={dataset} map={map.data} search={search} set={set} />
        </div>
      ) : (
        <Skeleton height="100%" radius={0} />
      )}
    </Page>
  )
}
