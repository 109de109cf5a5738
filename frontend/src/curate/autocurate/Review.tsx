import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, ReviewPlan, SuggestionKind } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { count, percent } from '../../ui/format'
import { Forecast } from './Forecast'
import classes from './Mislabels.module.css'
import { useMinutes } from './minutes'
import { reviewQuery } from './queries'
import { SecondRound } from './SecondRound'

const HALF_AN_HOUR = 30

/** What some minutes of review bring; what the verdicts so far taught, by kind; and when to stop. */
export function Review({ run }: { run: AutoCurateDetail }) {
  const [minutes, setMinutes] = useState(HALF_AN_HOUR)
  const { data } = useQuery(reviewQuery(run.id, minutes))
  if (!data?.plan) return null
  const { plan, forecast, second_round } = data
  return (
    <>
      {forecast && <Forecast dataset={run.dataset} {...{ forecast, minutes, setMinutes }} />}
      <Plan run={run} plan={plan} />
      {second_round && <SecondRound run={run} round={second_round} />}
    </>
  )
}

function Plan({ run, plan }: { run: AutoCurateDetail; plan: ReviewPlan }) {
  const { t } = useTranslation('curate/autocurate')
  const { stop } = plan
  const minutes = useMinutes()
  return (
    <div className={classes.summary}>
      <Facts
        of={{
          [t('firstLooks')]: t('firstLooksWhat', { left: count(plan.first_left), n: count(plan.first) }),
          [t('nextLooks')]: <Expected plan={plan} kind={null} />,
          [t('stopAfter')]: t(stop.suggestions > 0 ? 'stopAfterWhat' : 'stopNow', {
            n: count(stop.suggestions),
            minutes: minutes(stop.minutes),
            right: count(Math.round(stop.right)),
            worth: percent(stop.worth),
          }),
        }}
      />
      <Facts
        of={Object.fromEntries(
          plan.rates.map(({ kind }) => [
            t(`suggestionKind.${kind}`),
            <KindLine key={kind} run={run} plan={plan} kind={kind} />,
          ]),
        )}
      />
    </div>
  )
}

/** Of a kind: how often it was right so far, what its next suggestions will bring, and whether its rate is known. */
function KindLine({ run, plan, kind }: { run: AutoCurateDetail; plan: ReviewPlan; kind: SuggestionKind }) {
  const { t } = useTranslation('curate/autocurate')
  const soFar = run.precision.find((one) => one.kind === kind)
  const known = plan.rates.find((one) => one.kind === kind)?.known
  return (
    <>
      {soFar?.precision == null
        ? t('nothingDecided')
        : t('precisionOf', {
            share: percent(soFar.precision),
            low: percent(soFar.interval?.low ?? 0),
            high: percent(soFar.interval?.high ?? 1),
            n: count(soFar.decided),
          })}
      {plan.next.some((one) => one.kind === kind) && (
        <>
          {' · '}
          {t('nextLooks')}: <Expected plan={plan} kind={kind} />
        </>
      )}
      {known === false && <span className="hd-dim"> · {t('rateUnknown')}</span>}
    </>
  )
}

function Expected({ plan, kind }: { plan: ReviewPlan; kind: SuggestionKind | null }) {
  const { t } = useTranslation('curate/autocurate')
  const one = plan.next.find((each) => each.kind === kind)
  if (!one) return '–'
  const [right, low, high] = [one.right, one.low, one.high].map((value) => count(Math.round(value)))
  return t('expectedOf', { right, low, high, n: count(one.suggestions) })
}
