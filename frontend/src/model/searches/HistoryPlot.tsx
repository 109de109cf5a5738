import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingsSearch, Trial } from '../../api/types'
import { Chart, type ChartMark } from '../../ui/Chart'
import { useGo } from '../../ui/PathLink'
import { bestSoFar, floorMarks, height, LOOKS, lookOf, spanOf, symbolOf } from './points'

/** Each training by its number, the best so far, and the noise floor. */
export function HistoryPlot({ of }: { of: SettingsSearch }) {
  const { t } = useTranslation('model')
  const go = useGo()
  const name = useCallback((one: Trial) => t(`search.nth.${one.kind}`, { n: one.number }), [t])
  const option = useCallback<Parameters<typeof Chart>[0]['option']>(
    ({ axis, ink }, scheme) => {
      const trials = of.tried.filter(({ kind }) => kind === 'trial')
      const words = { bound: t('search.bound'), mean: t('search.mean') }
      return {
        legend: {
          show: true,
          top: 0,
          right: 30,
          itemHeight: 9,
          textStyle: { color: ink.dim, fontSize: 11 },
          data: LOOKS.filter((look) =>
            of.tried.some((one) => lookOf(one) === look && height(one) !== null),
          ).map((look) => t(`search.look.${look}`)),
        },
        grid: { top: 34 },
        xAxis: {
          ...axis,
          type: 'value',
          min: -of.repeats - 1,
          max: Math.max(of.trials, 1) + 1,
          ...(of.trials <= 30 ? { interval: 1 } : {}),
          splitLine: { show: false },
          axisLabel: {
            ...(axis.axisLabel as object),
            formatter: (at: number) => (at > 0 && at <= of.trials && at % 1 === 0 ? at : ''),
          },
        },
        yAxis: {
          ...axis,
          axisLine: { ...(axis.axisLine as object), onZero: false },
          type: 'value',
          name: 'mAP',
          ...spanOf(of),
        },
        tooltip: { trigger: 'item' },
        series: [
          {
            type: 'line',
            step: 'end',
            name: t('search.bestSoFar'),
            data: bestSoFar(trials),
            symbol: 'none',
            silent: true,
            lineStyle: { color: ink.dim, width: 1 },
            ...floorMarks(of, scheme, words),
          },
          ...LOOKS.map((look) => ({
            type: 'scatter',
            name: t(`search.look.${look}`),
            data: of.tried
              .filter((one) => lookOf(one) === look && height(one) !== null)
              .map((one) => ({
                name: name(one),
                value: [one.kind === 'repeat' ? one.number - of.repeats - 1 : one.number, height(one)],
                run: one.run?.id,
              })),
            ...symbolOf(look, scheme),
            tooltip: { formatter: told(t(`search.look.${look}`)) },
          })),
        ],
      }
    },
    [of, t, name],
  )
  const open = ({ data }: ChartMark) => {
    const run = (data as { run?: number } | undefined)?.run
    if (run) go(`/runs/${run}`)
  }
  return (
    <Chart
      label={t('search.history')}
      height={260}
      option={option}
      onMark={open}
      csv={() => [
        ['training', 'state', 'mAP'],
        ...of.tried.map((one) => [name(one), one.state, one.value ?? '']),
      ]}
    />
  )
}

/** What a mark says. */
export const told = (look: string) => (mark: { name?: string; value?: unknown }) => {
  const at = Array.isArray(mark.value) ? Number(mark.value[1]) : Number.NaN
  return `${mark.name ?? ''}: ${at.toFixed(1)} · ${look}`
}
