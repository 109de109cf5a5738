import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingRange, SettingsSearch } from '../../api/types'
import { Chart, type ChartMark } from '../../ui/Chart'
import { useGo } from '../../ui/PathLink'
import { told } from './HistoryPlot'
import { floorMarks, height, LOOKS, lookOf, spanOf, symbolOf } from './points'
import classes from './SearchPage.module.css'
import { valueText } from './values'

/** For each setting searched for: its value against what came of it, with the noise floor. */
export function SlicePlots({ of }: { of: SettingsSearch }) {
  return (
    <div className={classes.plots}>
      {of.ranges.map((range) => (
        <section key={range.name} className={classes.plot}>
          <h3 className="hd-mono">{range.name}</h3>
          <SlicePlot of={of} range={range} />
        </section>
      ))}
    </div>
  )
}

function SlicePlot({ of, range }: { of: SettingsSearch; range: SettingRange }) {
  const { t } = useTranslation('model')
  const go = useGo()
  const option = useCallback<Parameters<typeof Chart>[0]['option']>(
    ({ axis }, scheme) => {
      const chosen = (range.choices ?? []).map(String)
      const across =
        chosen.length > 0
          ? { type: 'category', data: chosen }
          : { type: range.log ? 'log' : 'value', ...(range.log ? {} : { min: range.low, max: range.high }) }
      const at = (value: unknown) => (chosen.length > 0 ? String(value) : value)
      const isDrawn = (value: unknown) =>
        chosen.length > 0
          ? chosen.includes(String(value))
          : typeof value === 'number' && value >= (range.low ?? 0) && value <= (range.high ?? 0)
      return {
        legend: { show: false },
        xAxis: { ...axis, ...across, splitLine: { show: false } },
        yAxis: { ...axis, type: 'value', ...spanOf(of) },
        tooltip: { trigger: 'item' },
        series: LOOKS.map((look, place) => ({
          type: 'scatter',
          name: t(`search.look.${look}`),
          data: of.tried
            .filter((one) => lookOf(one) === look && height(one) !== null && isDrawn(one.values[range.name]))
            .map((one) => ({
              name: `${t(`search.nth.${one.kind}`, { n: one.number })}, ${range.name} ${valueText(one.values[range.name])}`,
              value: [at(one.values[range.name]), height(one)],
              run: one.run?.id,
            })),
          ...symbolOf(look, scheme),
          ...(place === 0 ? floorMarks(of, scheme, { bound: '', mean: '' }) : {}),
          tooltip: { formatter: told(t(`search.look.${look}`)) },
        })),
      }
    },
    [of, range, t],
  )
  const open = ({ data }: ChartMark) => {
    const run = (data as { run?: number } | undefined)?.run
    if (run) go(`/runs/${run}`)
  }
  return (
    <Chart
      label={t('search.sliceOf', { name: range.name })}
      height={190}
      option={option}
      onMark={open}
      csv={() => [
        [range.name, 'mAP'],
        ...of.tried.map((one) => [String(one.values[range.name] ?? ''), one.value ?? '']),
      ]}
    />
  )
}
