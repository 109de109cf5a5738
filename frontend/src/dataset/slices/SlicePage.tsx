import { Button, Menu } from '@mantine/core'
import { IconDots, IconGridDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { Facts } from '../../ui/Facts'
import { count, dateTime, personName } from '../../ui/format'
import { lazyPart } from '../../ui/lazyPart'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { useSlices } from '../queries'
import { sliceClause } from '../query/queryText'
import { useMay } from '../useMay'
import { Origin } from './Origin'
import { sliceQuery, statisticsQuery } from './queries'
import { ChangeSliceDialog, DeleteSliceDialog } from './SliceDialogs'
import { SliceManifests } from './SliceManifests'
import classes from './SlicePage.module.css'
import { SlicePictures } from './SlicePictures'
import { SliceStatisticsView } from './SliceStatisticsView'
import { SliceUses } from './SliceUses'

const SendToLabel = lazyPart(() => import('../batches/SendToLabel'), 'SendToLabel')
const ExportDialog = lazyPart(() => import('../exports/ExportDialog'), 'ExportDialog')
const route = getRouteApi('/framed/datasets/$datasetId/slices/$sliceId')

/** One slice: its pictures, what is in it, where it came from, what used it, what can be done with it. */
export function SlicePage() {
  const { t } = useTranslation(['dataset/slices', 'dataset'])
  const params = route.useParams()
  const [dataset, id] = [Number(params.datasetId), Number(params.sliceId)]
  const { data: slice, error, refetch } = useQuery(sliceQuery(id))
  const siblings = useSlices(dataset).data
  return (
    <Page
      title={slice?.name ?? '…'}
      dataset={dataset}
      padded
      crumbs={<Crumb label={t('dataset:tabs.slices')} to={`/datasets/${dataset}/slices`} />}
      switchTo={siblings?.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/datasets/${dataset}/slices/${one.id}`,
        current: one.id === id,
        note: count(one.image_count),
      }))}
      tabs={
        slice && (
          <span className="hd-dim">
            {t('imagesOf', { count: slice.image_count, n: count(slice.image_count) })}
          </span>
        )
      }
      actions={slice && <SliceActions slice={slice} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {slice && <Body slice={slice} />}
    </Page>
  )
}

function Body({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const statistics = useQuery(statisticsQuery(slice.id))
  return (
    <>
      <SlicePictures slice={slice} />
      <div className={classes.parts}>
        <div>
          <Section title={t('facts')}>
            <Facts
              of={{
                [t('description')]: slice.description,
                [t('origin')]: <Origin slice={slice} />,
                [t('by')]: personName(slice.created_by),
                [t('at')]: dateTime(slice.created_at),
                [t('boxes')]: statistics.data && count(statistics.data.boxes),
                [t('labelState.labelled')]: statistics.data && count(statistics.data.labelled_images),
                [t('labelState.negative')]: statistics.data && count(statistics.data.negative_images),
                [t('labelState.not_labelled')]: statistics.data && count(statistics.data.unlabelled_images),
              }}
            />
          </Section>
          <SliceUses slice={slice} />
          <SliceManifests slice={slice} />
        </div>
        <SliceStatisticsView slice={slice} />
      </div>
    </>
  )
}

function SliceActions({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const go = useGo()
  const manages = useMay(slice.dataset, 'manager')
  const [dialog, setDialog] = useState<'send' | 'export' | 'change' | 'delete' | null>(null)
  const close = () => setDialog(null)
  const grid = `/datasets/${slice.dataset}?q=${encodeURIComponent(sliceClause(slice.name))}`
  const compare = `/datasets/${slice.dataset}/slices/compare?a=${slice.id}`
  const train = `/model/${slice.dataset}/new?slice=${slice.id}`
  useActions([
    {
      id: 'openGrid',
      label: t('openGrid'),
      group: slice.name,
      keys: 'o',
      perform: () => go(grid),
    },
    {
      id: 'sendToLabel',
      disabled: !manages,
      label: t('sendToLabel'),
      group: slice.name,
      keys: 'l',
      perform: () => setDialog('send'),
    },
    {
      id: 'trainOn',
      disabled: !manages,
      label: t('trainOn'),
      group: slice.name,
      keys: 't',
      perform: () => go(train),
    },
    {
      id: 'exportSlice',
      label: t('export'),
      group: slice.name,
      keys: 'x',
      perform: () => setDialog('export'),
    },
    {
      id: 'compareSlice',
      label: t('compareWith'),
      group: slice.name,
      keys: 'c',
      perform: () => go(compare),
    },
    {
      id: 'renameSlice',
      disabled: !manages,
      label: t('ui:rename'),
      group: slice.name,
      keys: 'e',
      perform: () => setDialog('change'),
    },
    {
      id: 'deleteSlice',
      disabled: !manages,
      label: t('delete'),
      group: slice.name,
      perform: () => setDialog('delete'),
    },
  ])
  return (
    <>
      <Button component={PathLink} href={grid} leftSection={<IconGridDots size={14} />}>
        {t('openGrid')}
      </Button>
      <Button component={PathLink} href={compare}>
        {t('compareWith')}
      </Button>
      <Button onClick={() => setDialog('export')}>{t('export')}</Button>
      {manages && (
        <>
          <Button onClick={() => setDialog('send')}>{t('sendToLabel')}</Button>
          <Button variant="filled" component={PathLink} href={train}>
            {t('trainOn')}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button px={7} aria-label={t('more')}>
                <IconDots size={15} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog('change')}>{t('ui:rename')}</Menu.Item>
              <Menu.Item color="red" onClick={() => setDialog('delete')}>
                {t('delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      {dialog === 'send' && (
        <Suspense>
          <SendToLabel
            dataset={slice.dataset}
            images={slice.image_count}
            source={{ slice: slice.id }}
            name={slice.name}
            close={close}
          />
        </Suspense>
      )}
      {dialog === 'export' && (
        <Suspense>
          <ExportDialog
            dataset={slice.dataset}
            source={{ slice: slice.id }}
            name={slice.name}
            images={slice.image_count}
            close={close}
          />
        </Suspense>
      )}
      {dialog === 'change' && <ChangeSliceDialog slice={slice} close={close} />}
      <DeleteSliceDialog slice={slice} opened={dialog === 'delete'} close={close} />
    </>
  )
}
