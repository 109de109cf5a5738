import { ActionIcon, Menu, Skeleton, useComputedColorScheme } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Chart.module.css'
import { chartStyle, merged } from './chartStyle'
import { CHROME, type Scheme } from './colours'
import { type CsvRow, toCsv } from './csv'
import type { EChartsType } from './echarts'
import { toast, toastProblem } from './toast'

type Option = Record<string, unknown>
/** What a click on a mark tells: series, place in the data, and the datum itself. */
export type ChartMark = {
  seriesIndex?: number
  seriesName?: string
  dataIndex?: number
  name?: string
  value?: unknown
  data?: unknown
}

type Props = {
  /** What the chart shows, for screen readers. */
  label: string
  height: number | string
  /** ECharts option for a scheme; laid over the common style. Keep it stable (useCallback). */
  option: (style: ReturnType<typeof chartStyle>, scheme: Scheme) => Option
  /** The chart's numbers with a head row, for "copy as CSV". */
  csv?: () => CsvRow[]
  onMark?: (mark: ChartMark) => void
  /** A click anywhere within the axes, in their numbers. */
  onPlace?: (place: [number, number]) => void
}

/** A chart in the one style. ECharts is loaded when the first one is shown. */
export function Chart({ label, height, option, csv, onMark, onPlace }: Props) {
  const scheme = useComputedColorScheme('dark')
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const [drawn, setDrawn] = useState(false)
  const marked = useRef(onMark)
  marked.current = onMark
  const placed = useRef(onPlace)
  placed.current = onPlace
  const full = useMemo(() => {
    const style = chartStyle(scheme)
    return {
      ...merged(style.base, option(style, scheme)),
      aria: { enabled: true, label: { description: label } },
    }
  }, [option, scheme, label])
  const latest = useRef(full)
  latest.current = full

  useEffect(() => {
    let gone = false
    let stop = () => {}
    import('./echarts').then(({ init }) => {
      const element = place.current
      if (gone || !element) return
      const made = init(element)
      chart.current = made
      made.setOption(latest.current)
      setDrawn(true)
      made.on('click', (event) => marked.current?.(event as ChartMark))
      made.getZr().on('click', ({ offsetX, offsetY }) => {
        const pixel = [offsetX, offsetY]
        if (!placed.current || !made.containPixel('grid', pixel)) return
        placed.current(made.convertFromPixel('grid', pixel) as [number, number])
      })
      const observer = new ResizeObserver(() => made.resize())
      observer.observe(element)
      stop = () => {
        observer.disconnect()
        made.dispose()
        chart.current = null
      }
    }, toastProblem)
    return () => {
      gone = true
      stop()
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(full, { notMerge: true })
  }, [full])

  return (
    <figure
      className={classes.chart}
      aria-label={label}
      data-clickable={onMark || onPlace ? true : undefined}
    >
      <div ref={place} style={{ height }} />
      {!drawn && <Skeleton className={classes.waiting} />}
      <CopyMenu chart={chart} csv={csv} ground={CHROME[scheme].panel} />
    </figure>
  )
}

function CopyMenu({
  chart,
  csv,
  ground,
}: {
  chart: { current: EChartsType | null }
  csv?: () => CsvRow[]
  ground: string
}) {
  const { t } = useTranslation('ui')
  const done = () => toast(t('copied'))
  const png = async () => {
    const url = chart.current?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ground })
    if (!url) return
    const blob = await (await fetch(url)).blob()
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
    done()
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className={classes.menu} size={22} aria-label={t('more')}>
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => png().catch(toastProblem)}>{t('copyPng')}</Menu.Item>
        {csv && (
          <Menu.Item onClick={() => navigator.clipboard.writeText(toCsv(csv())).then(done, toastProblem)}>
            {t('copyCsv')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
