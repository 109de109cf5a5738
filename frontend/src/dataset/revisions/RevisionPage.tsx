import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Revision, RevisionDetail } from '../../api/types'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { NotFound } from '../../page/RouteStates'
import { useActions } from '../../ui/actions'
import { ClassName } from '../../ui/ClassName'
import { Facts } from '../../ui/Facts'
import { count, dateTime, personName } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { Table } from '../../ui/Table'
import { useClasses, useDataset } from '../queries'
import { useMay } from '../useMay'
import { Diff } from './Diff'
import { revisionQuery, revisionsQuery } from './queries'
import { RevertDialog } from './RevertDialog'
import classes from './RevisionPage.module.css'

const route = getRouteApi('/framed/datasets/$datasetId/revisions/$number')

/** One revision: who changed what and when, drawn box by box. */
export function RevisionPage() {
  const { t } = useTranslation(['dataset/revisions', 'dataset'])
  const params = route.useParams()
  const [id, number] = [Number(params.datasetId), Number(params.number)]
  const list = useInfiniteQuery(revisionsQuery(id))
  const known = list.data?.pages.flatMap((page) => page.items) ?? []
  const found = known.find((one) => one.number === number)
  // An old revision may lie beyond the first page: read on until it is there.
  const searching = !found && list.hasNextPage
  if (searching && !list.isFetching) void list.fetchNextPage()
  const revision = useQuery({ ...revisionQuery(found?.id ?? 0), enabled: !!found })
  const error = list.error ?? revision.error
  if (list.isSuccess && !found && !searching) return <NotFound />
  return (
    <Page
      title={t('revision', { n: number })}
      dataset={id}
      padded
      crumbs={<Crumb label={t('dataset:tabs.revisions')} to={`/datasets/${id}/revisions`} />}
      tabs={<Neighbours dataset={id} number={number} head={known[0]?.number} />}
      actions={found && <Return dataset={id} revision={found} />}
    >
      {error && <ProblemNote error={error} retry={() => void list.refetch()} />}
      {revision.data && <Body dataset={id} revision={revision.data} />}
    </Page>
  )
}

function Neighbours({
  dataset,
  number,
  head,
}: {
  dataset: number
  number: number
  head: number | undefined
}) {
  const { t } = useTranslation('dataset/revisions')
  const navigate = useNavigate()
  const go = (to: number) =>
    void navigate({
      to: '/datasets/$datasetId/revisions/$number',
      params: { datasetId: String(dataset), number: String(to) },
    })
  const older = number > 1
  const newer = head !== undefined && number < head
  useActions([
    {
      id: 'older',
      label: t('older'),
      group: t('title'),
      keys: 'k',
      disabled: !older,
      perform: () => go(number - 1),
    },
    {
      id: 'newer',
      label: t('newer'),
      group: t('title'),
      keys: 'j',
      disabled: !newer,
      perform: () => go(number + 1),
    },
  ])
  return (
    <span className={classes.neighbours}>
      <OffButton size="compact-xs" off={!older && t('ui:off.first')} onClick={() => go(number - 1)}>
        {t('older')}
      </OffButton>
      <OffButton size="compact-xs" off={!newer && t('ui:off.last')} onClick={() => go(number + 1)}>
        {t('newer')}
      </OffButton>
    </span>
  )
}

/** The newest revision can be taken back, an older one's state can be brought back. */
function Return({ dataset, revision }: { dataset: number; revision: Revision }) {
  const { t } = useTranslation('dataset/revisions')
  const [asking, setAsking] = useState(false)
  const head = useDataset(dataset).data?.head_revision
  const manages = useMay(dataset, 'manager')
  if (head === undefined || !manages) return null
  const newest = revision.number === head
  const to = newest ? revision.number - 1 : revision.number
  if (to < 1) return null
  return (
    <>
      <Button leftSection={<IconArrowBackUp size={14} />} onClick={() => setAsking(true)}>
        {newest ? t('takeBack') : t('bringBack', { n: to })}
      </Button>
      <RevertDialog opened={asking} close={() => setAsking(false)} dataset={dataset} to={to} head={head} />
    </>
  )
}

function Body({ dataset, revision }: { dataset: number; revision: RevisionDetail }) {
  const { t } = useTranslation('dataset/revisions')
  const known = useClasses(dataset)
  return (
    <>
      <div className={classes.head}>
        <Facts
          of={{
            [t('message')]: revision.message,
            [t('kind')]: t(`kinds.${revision.kind}`),
            [t('author')]: personName(revision.author),
            [t('at')]: dateTime(revision.created_at),
          }}
        />
        <div className={classes.byClass}>
          <Table
            label={t('byClass')}
            rows={revision.by_class}
            rowKey={(one) => one.class_id}
            columns={[
              { key: 'class', head: t('class'), cell: (one) => <ClassName of={known.get(one.class_id)} /> },
              ...(['added', 'changed', 'removed'] as const).map((key) => ({
                key,
                head: t(`columns.${key}`),
                numeric: true,
                width: 80,
                sort: (one: { added: number; changed: number; removed: number }) => one[key],
                cell: (one: { added: number; changed: number; removed: number }) =>
                  one[key] === 0 ? <span className="hd-faint">0</span> : count(one[key]),
              })),
            ]}
          />
        </div>
      </div>
      <Section title={t('changes')}>
        <Diff dataset={dataset} revision={revision} />
      </Section>
    </>
  )
}
