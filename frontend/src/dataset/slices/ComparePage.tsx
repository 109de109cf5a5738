import { Button, Select, Skeleton } from '@mantine/core'
import { IconArrowsLeftRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice, SliceDiff } from '../../api/types'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { count, percent } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { useSlices } from '../queries'
import { useMay } from '../useMay'
import { CompareClasses } from './CompareClasses'
import classes from './ComparePage.module.css'
import { NewSliceDialog, type SliceSet } from './NewSliceDialog'
import { diffQuery } from './queries'

const route = getRouteApi('/framed/datasets/$datasetId/slices/compare')

/** Two slices beside each other: the images that only one of them has, those of both, and the classes in each. */
export function ComparePage() {
  const { t } = useTranslation(['dataset/slices', 'dataset'])
  const dataset = Number(route.useParams().datasetId)
  const { a, b } = route.useSearch()
  const navigate = useNavigate()
  const slices = useSlices(dataset).data ?? []
  const show = (search: { a?: number; b?: number }) =>
    void navigate({
      to: '/datasets/$datasetId/slices/compare',
      params: { datasetId: String(dataset) },
      search,
    })
  const side = (name: 'a' | 'b', value: number | undefined, other: number | undefined) => (
    <Select
      aria-label={t(name === 'a' ? 'first' : 'second')}
      placeholder={t('chooseSlice')}
      searchable
      allowDeselect={false}
      data={slices.map((one) => ({
        value: String(one.id),
        label: `${one.name} · ${count(one.image_count)}`,
        disabled: one.id === other,
      }))}
      value={value ? String(value) : null}
      onChange={(id) => show({ a, b, [name]: Number(id) })}
    />
  )
  return (
    <Page
      title={t('compareTitle')}
      dataset={dataset}
      padded
      crumbs={<Crumb label={t('dataset:tabs.slices')} to={`/datasets/${dataset}/slices`} />}
    >
      <div className={classes.sides}>
        {side('a', a, b)}
        <OffButton
          aria-label={t('swap')}
          px={7}
          off={(!a || !b) && t('ui:off.two')}
          onClick={() => show({ a: b, b: a })}
        >
          <IconArrowsLeftRight size={15} />
        </OffButton>
        {side('b', b, a)}
      </div>
      {a && b && a !== b ? (
        <Compared key={`${a} ${b}`} dataset={dataset} a={a} b={b} slices={slices} />
      ) : (
        <p className="hd-dim">{t('compareWhat')}</p>
      )}
    </Page>
  )
}

type ComparedProps = { dataset: number; a: number; b: number; slices: Slice[] }

function Compared({ dataset, a, b, slices }: ComparedProps) {
  const { data, error, refetch } = useQuery(diffQuery(a, b))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={96} />
  return (
    <>
      <Parts dataset={dataset} diff={data} slices={slices} />
      <CompareClasses dataset={dataset} a={data.a} b={data.b} />
    </>
  )
}

type Part = { key: 'only_a' | 'both' | 'only_b'; title: string; sum: SliceSet }

/** The three parts as wide as they are large; each opens its images and can become a slice. */
function Parts({ dataset, diff, slices }: { dataset: number; diff: SliceDiff; slices: Slice[] }) {
  const { t } = useTranslation('dataset/slices')
  const manages = useMay(dataset, 'manager')
  const [making, setMaking] = useState<SliceSet | null>(null)
  const [a, b] = [diff.a.id, diff.b.id]
  const parts: Part[] = [
    {
      key: 'only_a',
      title: t('onlyIn', { name: diff.a.name }),
      sum: { operation: 'subtract', slices: [a, b] },
    },
    { key: 'both', title: t('inBoth'), sum: { operation: 'intersect', slices: [a, b] } },
    {
      key: 'only_b',
      title: t('onlyIn', { name: diff.b.name }),
      sum: { operation: 'subtract', slices: [b, a] },
    },
  ]
  const total = parts.reduce((sum, { key }) => sum + diff[key].images, 0)
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {parts.map(({ key }) => (
          <span key={key} data-part={key} style={{ flexGrow: diff[key].images }} />
        ))}
      </div>
      <ul className={classes.parts}>
        {parts.map(({ key, title, sum }) => (
          <li key={key} data-part={key}>
            <h2>{title}</h2>
            <PathLink
              className={classes.count}
              href={`/datasets/${dataset}?q=${encodeURIComponent(diff[key].q)}`}
              title={diff[key].q}
            >
              {t('imagesOf', { count: diff[key].images, n: count(diff[key].images) })}
            </PathLink>
            <span className="hd-dim hd-num">{percent(total ? diff[key].images / total : 0, 1)}</span>
            {manages && diff[key].images > 0 && (
              <Button size="compact-xs" onClick={() => setMaking(sum)}>
                {t('makeSlice')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {making && (
        <NewSliceDialog dataset={dataset} slices={slices} set={making} close={() => setMaking(null)} />
      )}
    </>
  )
}
