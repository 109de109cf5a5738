import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartData } from '../../api/types'
import { count, number } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Analytics.module.css'
import { BarPanel, type Bins } from './BarPanel'
import { binLabel, countLabel, type Mark, marksOf, shareText, sideOfArea } from './marks'
import { boxChartQuery } from './queries'
import { type AnalyticsSearch, type SetAnalytics, SIZE_BY } from './useAnalyticsSearch'
import { useOpen, useShown, useSides } from './useSides'

type Props = { search: AnalyticsSearch; setSearch: SetAnalytics }

/** Sizes of boxes: as the side of a square of the same area, with COCO's three sizes, or as a share of the image. */
export function SizeChart({ search, setSearch }: Props) {
  const { t } = useTranslation('curate/analytics')
  const charts = useSides<ChartData>((filter) => boxChartQuery(filter, search.size, search.of))
  const bins = useMemo<Bins>(() => {
    if (search.size === 'relative') {
      const edge = (value: number) => `${number(value)} %`
      return { edge, label: (low, high) => binLabel(low, high, edge), name: t('size.relativeAxis') }
    }
    const label: Bins['label'] = (low, high) => `${binLabel(low, high, sideOfArea)} px`
    return { edge: sideOfArea, label, name: t('size.areaAxis'), guides: cocoGuides }
  }, [search.size, t])
  return (
    <BarPanel
      title={t('size.title')}
      charts={charts.data}
      state={charts}
      measure="boxes"
      bins={bins}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('size.title')}
          value={search.size}
          onChange={(sizes) => setSearch({ sizes }, true)}
          data={SIZE_BY.map((value) => ({ value, label: t(`size.${value}`) }))}
        />
      }
      below={search.size === 'area' ? (found) => <CocoSizes charts={found} /> : undefined}
    />
  )
}

const SMALL = 32 ** 2
const LARGE = 96 ** 2

/** COCO's borders between small, medium and large on a logarithmic axis of areas. */
function cocoGuides(marks: readonly Mark[]) {
  const first = marks[0]?.low
  if (first == null) return []
  return [
    { at: Math.log2(SMALL / first), label: '32 px' },
    { at: Math.log2(LARGE / first), label: '96 px' },
  ].filter(({ at }) => at > 0 && at < marks.length)
}

/** How many boxes are small, medium and large; each a link. */
function CocoSizes({ charts }: { charts: readonly ChartData[] }) {
  const { t } = useTranslation('curate/analytics')
  const { names } = useShown()
  const open = useOpen()
  const parts = charts.map((chart) => ({ ...chart, bars: chart.parts }))
  const marks = marksOf(parts, 'boxes', ({ low, high }) => ({
    label: t(`size.${low === null ? 'small' : high === null ? 'large' : 'medium'}`),
  }))
  return (
    <ul className={classes.parts}>
      {marks.map((mark) => (
        <li key={mark.key}>
          <span className="hd-dim">{mark.label}</span>
          {names.map((name, side) => (
            <PathLink
              key={name}
              href={open.address(mark, side)}
              title={t('opens', { n: count(mark.images[side] ?? 0) })}
            >
              {names.length > 1 && <i data-side={side} title={name} />}
              {shareText(mark.shares[side] ?? 0)}
            </PathLink>
          ))}
        </li>
      ))}
    </ul>
  )
}

export function AspectChart({ search }: Pick<Props, 'search'>) {
  const { t } = useTranslation('curate/analytics')
  const charts = useSides<ChartData>((filter) => boxChartQuery(filter, 'aspect', search.of))
  const bins = useMemo<Bins>(
    () => ({
      edge: number,
      label: (low, high) => binLabel(low, high, number),
      name: t('aspect.axis'),
      guides: (marks) => {
        const at = marks.findIndex(({ low }) => low === 1)
        return at > 0 ? [{ at, label: t('aspect.square') }] : []
      },
    }),
    [t],
  )
  return (
    <BarPanel title={t('aspect.title')} charts={charts.data} state={charts} measure="boxes" bins={bins} />
  )
}

export function PerImageChart({ search }: Pick<Props, 'search'>) {
  const { t } = useTranslation('curate/analytics')
  const charts = useSides<ChartData>((filter) => boxChartQuery(filter, 'per_image', search.of))
  const bins = useMemo<Bins>(
    () => ({ edge: count, label: countLabel, centred: true, name: t('perImage.axis') }),
    [t],
  )
  const mean = charts.data?.map(({ boxes, images }) => number(images ? (boxes ?? 0) / images : 0)).join(' · ')
  return (
    <BarPanel
      title={t('perImage.title')}
      note={mean && t('perImage.mean', { n: mean })}
      charts={charts.data}
      state={charts}
      bins={bins}
    />
  )
}

export function ProvenanceChart() {
  const { t } = useTranslation('curate/analytics')
  const charts = useSides<ChartData>((filter) => boxChartQuery(filter, 'provenance', null))
  return (
    <BarPanel
      title={t('provenance.title')}
      charts={charts.data}
      state={charts}
      measure="boxes"
      rows={3}
      labels={({ label }) => ({ label: t(`provenance.${label}`) })}
    />
  )
}
