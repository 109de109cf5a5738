import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelHistory } from '../../api/types'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import type { Scheme } from '../../ui/colours'
import { count } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import classes from './Analytics.module.css'
import { ChartPanel } from './ChartPanel'
import { escaped } from './marks'
import { QUIET, SIDES } from './options'
import { historyQuery } from './queries'
import { useShown, useSides } from './useSides'

type Style = ReturnType<typeof chartStyle>
type Step = LabelHistory['steps'][number]
const HEIGHT = 208

/** Labels after each revision; each point opens its revision. */
export function HistoryPart() {
  const { t } = useTranslation('curate/analytics')
  const found = useSides<LabelHistory>(historyQuery)
  const { filters } = useShown()
  const to = (step: Step) => `/datasets/${filters[0]?.dataset}/revisions/${step.number}`
  const table = () => (
    <table className={classes.table}>
      <tbody>
        {found.data?.[0]?.steps.map((step) => (
          <tr key={step.number}>
            <th scope="row">
              <PathLink href={to(step)}>r{step.number}</PathLink>
            </th>
            <td>{step.message}</td>
            <td>{t('boxes', { count: step.boxes, n: count(step.boxes) })}</td>
            <td>+{count(step.added)}</td>
            <td>−{count(step.removed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
  return (
    <ChartPanel
      title={t('history.title')}
      note={t('history.note')}
      height={HEIGHT}
      state={found}
      table={table}
    >
      {() => <Steps sides={found.data ?? []} to={to} />}
    </ChartPanel>
  )
}

function Steps({ sides, to }: { sides: LabelHistory[]; to: (step: Step) => string }) {
  const { t } = useTranslation('curate/analytics')
  const { names } = useShown()
  const go = useGo()
  const steps = sides[0]?.steps ?? []
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language only
  const option = useCallback(
    ({ ink, axis }: Style, scheme: Scheme) => ({
      grid: { left: 4, right: 18, top: 12, bottom: 4 },
      xAxis: {
        ...axis,
        type: 'category',
        data: steps.map(({ number }) => `r${number}`),
        boundaryGap: steps.length < 12,
      },
      yAxis: {
        ...axis,
        type: 'value',
        min: 0,
        splitNumber: 3,
        axisLine: { show: false },
        axisLabel: { color: ink.faint, fontSize: 11, formatter: count },
      },
      tooltip: { trigger: 'item', formatter: ({ dataIndex }: { dataIndex: number }) => stepTip(dataIndex) },
      series: sides.map((side, at) => ({
        type: 'line',
        step: 'middle',
        name: names[at],
        data: side.steps.map(({ boxes }) => boxes),
        color: sides.length > 1 ? SIDES[scheme][at] : QUIET[scheme],
        lineStyle: { width: 1.75 },
        symbol: 'circle',
        symbolSize: steps.length > 60 ? 4 : 8,
      })),
    }),
    [sides, names],
  )
  const stepTip = (at: number) => {
    const step = steps[at]
    if (!step) return ''
    const lines = sides.map((side, place) => {
      const one = side.steps[at] as Step
      const name = sides.length > 1 ? `${escaped(names[place] ?? '')}: ` : ''
      return `${name}${t('boxes', { count: one.boxes, n: count(one.boxes) })} (+${count(one.added)} −${count(one.removed)})`
    })
    return [`<b>r${step.number}</b> ${escaped(step.message)}`, ...lines].join('<br>')
  }
  return (
    <Chart
      label={t('history.title')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['revision', 'time', ...names],
        ...steps.map((step, at) => [
          step.number,
          step.created_at,
          ...sides.map((side) => side.steps[at]?.boxes ?? null),
        ]),
      ]}
      onMark={({ dataIndex }) => {
        const step = steps[dataIndex ?? -1]
        if (step) go(to(step))
      }}
    />
  )
}
