import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Experiment, ExperimentRun } from '../../api/types'
import { Delta, Figure } from '../../ui/Figure'
import { count, points } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import { toastProblem } from '../../ui/toast'
import classes from './ExperimentPage.module.css'
import { useComparePair } from './queries'
import { runOf } from './standing'

/** Arms down, seeds across, with mean and spread; below them the difference of each pair. */
export function ArmTable({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  const arms = of.control ? (['treatment', 'control'] as const) : (['treatment'] as const)
  return (
    <div className={classes.scroll}>
      <table className={classes.arms} aria-label={t('experiment.arms')}>
        <thead>
          <tr>
            <td />
            {of.seeds.map((seed) => (
              <th key={seed} scope="col">
                {t('experiment.seed', { n: seed })}
              </th>
            ))}
            <th scope="col" className={classes.mean}>
              {t('experiment.mean')}
            </th>
            <th scope="col">{t('experiment.spread')}</th>
          </tr>
        </thead>
        <tbody>
          {arms.map((arm) => (
            <tr key={arm}>
              <th scope="row">
                {t(`experiment.arm.${arm}`)}
                <small>{whatOf(of.runs.find((run) => run.arm === arm))}</small>
              </th>
              {of.seeds.map((seed) => (
                <td key={seed}>
                  <Cell of={of} run={runOf(of.runs, arm, seed)} />
                </td>
              ))}
              <td className={classes.mean}>{points(of.result?.arms[arm]?.mean)}</td>
              <td className="hd-num">{points(of.result?.arms[arm]?.spread)}</td>
            </tr>
          ))}
          {of.control && <Differences of={of} />}
        </tbody>
      </table>
    </div>
  )

  function whatOf(run: ExperimentRun | undefined) {
    if (!run) return null
    return t('experiment.armData', { count: run.images, n: count(run.images), revision: run.revision })
  }
}

function Cell({ of, run }: { of: Experiment; run: ExperimentRun | undefined }) {
  const { t } = useTranslation('model')
  if (!run) return <span className="hd-faint">{t('experiment.noRun')}</span>
  const at = of.result ? of.result.seeds.indexOf(run.seed) : -1
  const common = at < 0 ? null : of.result?.arms[run.arm === 'control' ? 'control' : 'treatment']?.values[at]
  const own = run.evaluation?.figures?.AP
  const onCommon = of.result !== null && common !== undefined && common !== null
  const sameLabels = !onCommon || own === undefined || own === null || Math.abs(own - common) < 5e-7
  return (
    <div className={classes.cell}>
      <PathLink href={`/runs/${run.id}`} aria-label={run.name}>
        <StateMark state={run.state} progress={run.progress} />
      </PathLink>
      {run.state === 'running' || run.state === 'queued' ? (
        <small className="hd-num">{t('epochOf', { n: run.epoch, of: run.epochs })}</small>
      ) : (
        <Figure value={onCommon ? common : own} interval={sameLabels ? run.evaluation?.interval : null} />
      )}
    </div>
  )
}

function Differences({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  return (
    <tr>
      <th scope="row">
        {t('experiment.difference')}
        <small>{t('experiment.differenceWhat')}</small>
      </th>
      {of.seeds.map((seed) => (
        <td key={seed}>
          <PairCell of={of} seed={seed} />
        </td>
      ))}
      <td className={classes.mean} colSpan={2}>
        {of.result?.delta && (
          <Delta
            value={of.result.delta.mAP.value}
            low={of.result.delta.mAP.low}
            high={of.result.delta.mAP.high}
            level={of.result.delta.mAP.level}
          />
        )}
      </td>
    </tr>
  )
}

function PairCell({ of, seed }: { of: Experiment; seed: number }) {
  const { t } = useTranslation('model')
  const go = useGo()
  const compare = useComparePair()
  const found = of.result?.each.find((one) => one.seed === seed)
  const pair = of.comparisons.find((one) => one.seed === seed)
  if (!found) return <span className="hd-faint">–</span>
  return (
    <div className={classes.cell}>
      <Delta value={found.value} low={found.low} high={found.high} />
      {pair?.comparison ? (
        <small>
          <PathLink href={`/comparisons/${pair.comparison}`}>{t('experiment.openComparison')}</PathLink>
        </small>
      ) : (
        pair && (
          <Button
            size="compact-xs"
            variant="subtle"
            loading={compare.isPending}
            aria-label={t('experiment.compareSeed', { n: seed })}
            onClick={() =>
              compare.mutate(
                { a: pair.a, b: pair.b },
                { onSuccess: (link) => go(link), onError: toastProblem },
              )
            }
          >
            {t('experiment.compare')}
          </Button>
        )
      )}
    </div>
  )
}
