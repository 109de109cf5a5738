import { useTranslation } from 'react-i18next'
import type { Experiment, ExperimentResult } from '../../api/types'
import { isActive } from '../../jobs/queries'
import { Delta } from '../../ui/Figure'
import { count, number, percent, points, signedPoints } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './ExperimentPage.module.css'

/** What the experiment shows, over images and seeds; beside it what the images alone say, and why it ended. */
export function VerdictPart({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  const { result } = of
  if (!result) {
    return <p className={classes.said}>{t(isActive(of) ? 'experiment.waits' : 'experiment.nothingJudged')}</p>
  }
  return (
    <div className={classes.verdict} aria-live="polite">
      {result.delta ? <Gain of={of} result={result} /> : <OneArm result={result} />}
      {of.stopped && (
        <p className={classes.stopped}>
          {t('experiment.stopped', {
            n: of.stopped.pairs,
            of: of.stopped.planned,
            count: of.stopped.saved,
            why: t(`experiment.stoppedBy.${result.delta?.mAP.verdict ?? 'not_shown'}`),
          })}
        </p>
      )}
      <Best of={of} result={result} />
    </div>
  )
}

function Gain({ of, result }: { of: Experiment; result: ExperimentResult }) {
  const { t } = useTranslation('model')
  const { delta, images_alone: alone, look } = result
  if (!delta) return null
  const { value, low, high, level, verdict, by_images, by_seeds } = delta.mAP
  const oneSeed = low === null
  const early = isActive(of) && result.pairs < of.seeds.length
  return (
    <>
      <p className={classes.gain}>
        <small>{t('experiment.treatmentMinusControl')}</small>
        <Delta
          value={value}
          low={low}
          high={high}
          level={level}
          verdict={early && verdict === 'not_shown' ? undefined : verdict}
        />
        {early && <small> {t('experiment.soFar', { n: result.pairs, of: of.seeds.length })}</small>}
      </p>
      <p className={classes.said}>
        {oneSeed
          ? t('experiment.oneSeed')
          : t('experiment.overBoth', {
              level: number(100 * level),
              seeds: result.pairs,
              images: count(result.images),
              byImages: points(by_images),
              bySeeds: points(by_seeds),
            })}{' '}
        {t('experiment.onLabels', { n: result.revision })}
      </p>
      {alone && (
        <p className={classes.said}>
          {t('experiment.imagesAlone')}{' '}
          <Delta value={alone.value} low={alone.low} high={alone.high} verdict={alone.verdict} />
        </p>
      )}
      {early && look && look.chance !== null && (
        <p className={classes.said}>{t('experiment.chance', { share: percent(look.chance) })}</p>
      )}
    </>
  )
}

function OneArm({ result }: { result: ExperimentResult }) {
  const { t } = useTranslation('model')
  const { mean, spread } = result.arms.treatment
  return (
    <p className={classes.said}>
      {t('experiment.oneArm', {
        mean: points(mean),
        spread: points(spread),
        seeds: result.pairs,
      })}
    </p>
  )
}

/** The run to go on with: never one that forgot something. */
function Best({ of, result }: { of: Experiment; result: ExperimentResult }) {
  const { t } = useTranslation('model')
  const named = (id: number) => of.runs.find((run) => run.id === id)
  const best = result.best.run === null ? undefined : named(result.best.run)
  const held = result.memory.filter(({ forgot }) => forgot.length > 0)
  return (
    <>
      {held.map(({ run, forgot }) => (
        <p key={run} className={classes.forgot} role="status">
          <PathLink href={`/runs/${run}`}>{named(run)?.name ?? run}</PathLink>{' '}
          {t('experiment.heldBack', {
            what: forgot
              .map(
                ({ name, value, low, high }) =>
                  `${name} ${signedPoints(value ?? 0)} [${signedPoints(low ?? 0)}, ${signedPoints(high ?? 0)}]`,
              )
              .join('; '),
          })}
        </p>
      ))}
      {best && (
        <p className={classes.said}>
          {t('experiment.best')} <PathLink href={`/runs/${best.id}`}>{best.name}</PathLink>
        </p>
      )}
      {!best && held.length > 0 && <p className={classes.said}>{t('experiment.noBest')}</p>}
    </>
  )
}
