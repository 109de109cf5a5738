import { Button, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Improve, ImproveStep } from '../../api/types'
import { JobProgress } from '../../jobs/JobProgress'
import { useJobTitle } from '../../jobs/useJobTitle'
import { count, points } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Improve.module.css'
import { useStepWords, useWhy } from './useWhy'
import { gainText, minutesText, perHour } from './view'

type Props = {
  state: Improve
  off: Off
  busy: boolean
  take: (step: ImproveStep) => void
  skip: (step: ImproveStep, undo: boolean) => void
}

/** What to do next, large: a job that runs, work that waits for people, or the best step with what it is expected to bring. */
export function NextStep(props: Props) {
  const { t } = useTranslation('curate/improve')
  const title = useJobTitle()
  const { job, next } = props.state
  if (job)
    return (
      <section className={classes.next} aria-label={t('running')}>
        <p className={classes.kicker}>{t('running')}</p>
        <h2>{title(job)}</h2>
        <JobProgress job={job} />
        <div className={classes.buttons}>
          <Button component={PathLink} href={`/jobs/${job.id}`}>
            {t('openJob')}
          </Button>
          <span className="hd-dim">{t('walkAway')}</span>
        </div>
      </section>
    )
  if (!next)
    return (
      <section className={classes.next} aria-label={t('next')}>
        <p className={classes.kicker}>{t('next')}</p>
        <h2>{t('nothingLeft')}</h2>
        <p className="hd-dim">{t('nothingLeftWhat')}</p>
      </section>
    )
  return <Step {...props} step={next} />
}

function Step({ step, state, off, busy, take, skip }: Props & { step: ImproveStep }) {
  const { t } = useTranslation('curate/improve')
  const words = useStepWords()
  const why = useWhy()
  return (
    <section className={classes.next} aria-label={t('next')}>
      <p className={classes.kicker}>{t(step.by_people ? 'forPeople' : 'next')}</p>
      <h2>{words.title(step)}</h2>
      <StepFacts step={step} />
      <p>{why(step)}</p>
      <Sources step={step} />
      <div className={classes.buttons}>
        {step.by_people && state.batch ? (
          <Button variant="filled" size="sm" component={PathLink} href={state.batch.link}>
            {state.batch.open
              ? t('openBatch', {
                  count: state.batch.open,
                  n: count(state.batch.open),
                  time: minutesText(state.batch.minutes),
                })
              : t('openDone')}
          </Button>
        ) : (
          <ActButton off={off} size="sm" filled busy={busy} perform={() => take(step)}>
            {words.button(step)}
          </ActButton>
        )}
        <ActButton off={off} size="sm" perform={() => skip(step, false)}>
          {t('skip')}
        </ActButton>
      </div>
    </section>
  )
}

/** Why a step cannot be taken now. */
export type Off = 'managersOnly' | 'jobRuns' | undefined

/** A button of a step; where it is off it says why. */
export function ActButton({
  off,
  perform,
  filled,
  busy,
  size = 'compact-xs',
  children,
}: {
  off: Off
  perform: () => void
  filled?: boolean
  busy?: boolean
  size?: string
  children: string
}) {
  const { t } = useTranslation('curate/improve')
  return (
    <Tooltip label={off && t(off)} disabled={!off}>
      <Button
        size={size}
        variant={filled ? 'filled' : 'default'}
        loading={busy}
        data-disabled={off && true}
        aria-disabled={off && true}
        onClick={off ? undefined : perform}
      >
        {children}
      </Button>
    </Tooltip>
  )
}

/** Expected gain with its interval, what it takes of people and machine, and what that makes an hour. */
function StepFacts({ step }: { step: ImproveStep }) {
  const { t } = useTranslation('curate/improve')
  const hasTimes = step.people_minutes > 0 || step.machine_minutes !== null
  return (
    <dl className={classes.facts}>
      {step.gain && (
        <div>
          <dt>{t('gain')}</dt>
          <dd className={classes.gain}>{gainText(step.gain)}</dd>
        </div>
      )}
      {!step.gain && step.at_most !== null && (
        <div>
          <dt>{t('gain')}</dt>
          <dd className={classes.gain}>{t('atMost', { n: points(step.at_most / 100) })}</dd>
        </div>
      )}
      {hasTimes && (
        <>
          <div>
            <dt>{t('people')}</dt>
            <dd className="hd-num">
              {step.people_minutes > 0 ? minutesText(step.people_minutes) : t('none')}
            </dd>
          </div>
          <div>
            <dt>{t('machine')}</dt>
            <dd className="hd-num">
              {step.machine_minutes === 0 ? t('none') : minutesText(step.machine_minutes)}
            </dd>
          </div>
        </>
      )}
      {step.per_hour !== null && (
        <div>
          <dt>{t('perHour')}</dt>
          <dd className="hd-num">{perHour(step.per_hour)}</dd>
        </div>
      )}
    </dl>
  )
}

export function Sources({ step }: { step: ImproveStep }) {
  const { t } = useTranslation('curate/improve')
  if (step.sources.length === 0) return null
  return (
    <p className={classes.sources}>
      {t('measuredBy')}{' '}
      {step.sources.map((one, place) => (
        <span key={`${one.kind} ${one.id}`}>
          {place > 0 && ' · '}
          <PathLink href={one.link}>{t(`source.${one.kind}`, { id: one.id })}</PathLink>
        </span>
      ))}
    </p>
  )
}
