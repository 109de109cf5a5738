import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Bars } from '../../ui/Bars'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { useClasses } from '../queries'
import { classClause, sliceClause, toggleCondition, toggleValue } from '../query/queryText'
import { statisticsQuery } from './queries'

/** Classes and metadata of a slice; every bar opens its images. */
export function SliceStatisticsView({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const [unit, setUnit] = useState<'boxes' | 'images'>('boxes')
  const statistics = useQuery(statisticsQuery(slice.id))
  const known = useClasses(slice.dataset)
  const here = sliceClause(slice.name)
  const grid = (q: string) => `/datasets/${slice.dataset}?q=${encodeURIComponent(q)}`
  if (statistics.error)
    return <ProblemNote error={statistics.error} retry={() => void statistics.refetch()} />
  if (!statistics.data) return <Skeleton height={220} />
  const { classes, metadata, boxes, images } = statistics.data
  return (
    <div>
      <Section
        title={t('classes')}
        actions={
          <SegmentedControl
            aria-label={t('unit')}
            value={unit}
            onChange={setUnit}
            data={[
              { value: 'boxes', label: t('boxes') },
              { value: 'images', label: t('images') },
            ]}
          />
        }
      >
        <Bars
          label={t('classes')}
          total={unit === 'boxes' ? boxes : images}
          bars={[...classes]
            .sort((a, b) => b[unit] - a[unit])
            .map((one) => {
              const of = known.get(one.class_id)
              return {
                key: one.class_id,
                label: of?.name ?? '–',
                value: one[unit],
                colour: of?.colour,
                to: of && grid(toggleCondition(here, classClause(of.name))),
              }
            })}
        />
      </Section>
      {metadata
        .filter(({ values }) => values.length > 0)
        .map(({ key, values }) => (
          <Section
            key={key}
            title={key}
            note={values.length > TOP ? t('topOf', { n: TOP, of: count(values.length) }) : undefined}
          >
            <Bars
              label={key}
              total={images}
              bars={values.slice(0, TOP).map((one) => ({
                key: String(one.value),
                label: String(one.value),
                value: one.images,
                to: grid(toggleValue(here, key, one.value)),
              }))}
            />
          </Section>
        ))}
    </div>
  )
}

const TOP = 12
