import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalyticsOverview, ChartData } from '../../api/types'
import { count, number } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { BarPanel, type Bins } from './BarPanel'
import { isKey, keyOf } from './cross'
import { useFieldWords } from './fieldWords'
import { binLabel, momentLabel } from './marks'
import { useOpen } from './useSides'

const READY = { error: null, isPending: false, refetch: () => undefined }

/** A chart for each property of the images: metadata, the time, facts of the picture, sizes. */
export function ImageCharts({ overviews }: { overviews: readonly AnalyticsOverview[] }) {
  const [first] = overviews
  return first?.charts.map((chart) => (
    <ImageChart
      key={chart.name}
      charts={overviews.map(
        ({ charts }) => charts.find(({ name }) => name === chart.name) ?? { ...chart, bars: [] },
      )}
    />
  ))
}

function ImageChart({ charts }: { charts: ChartData[] }) {
  const { t } = useTranslation('curate/analytics')
  const { language } = useFieldWords()
  const { name, kind, unit } = charts[0] as ChartData
  const bins = useMemo<Bins | undefined>(() => {
    if (kind === 'values') return undefined
    const edge = (value: number) => (kind === 'time' ? momentLabel(value, unit, language) : number(value))
    return {
      edge,
      label: (low, high) => (kind === 'time' && low !== null ? edge(low) : binLabel(low, high, edge)),
    }
  }, [kind, unit, language])
  return (
    <BarPanel
      title={isKey(name) ? keyOf(name) : t(`field.${name}`)}
      note={<Left charts={charts} />}
      charts={charts}
      state={READY}
      bins={bins}
      byRank={name === 'size'}
      wide={kind === 'time'}
      nameWidth={110}
    />
  )
}

/** Images that the chart does not show: without a value, or with a rare one. */
function Left({ charts }: { charts: ChartData[] }) {
  const { t } = useTranslation('curate/analytics')
  const open = useOpen()
  const [first] = charts
  if (!first) return null
  return (
    <>
      {first.others > 0 && `${t('others', { count: first.others, n: count(first.others) })} `}
      {first.unknown > 0 && (
        <PathLink href={open.to(first.unknown_q, 0)}>
          {t('unknown', { count: first.unknown, n: count(first.unknown) })}
        </PathLink>
      )}
    </>
  )
}
