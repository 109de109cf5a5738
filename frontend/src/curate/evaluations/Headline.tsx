import { Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { FigureName } from '../../api/types'
import { bounds, count, points } from '../../ui/format'
import { type Bounds, intervalOf, isKnown } from '../../ui/interval'
import classes from './Headline.module.css'
import { figuresQuery, lacksIntervals } from './queries'
import { useEvaluationControls } from './useControls'

const SMALLER: FigureName[] = ['AP75', 'APs', 'APm', 'APl', 'AR100']

/** The figures that a reader looks for first, with their intervals: of all images, or of those that the page is narrowed to. */
export function Headline() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set } = useEvaluationControls()
  const part = useQuery(figuresQuery(evaluation.id, controls.q))
  if (part.error) return null // the query line says what is wrong with it
  const shown = controls.q ? part.data : evaluation
  const figures = shown?.figures
  const level = evaluation.interval?.level ?? 0.95
  const of = (name: FigureName) => shown && withLevel(intervalOf(shown, name), level)
  return (
    <div className={classes.line}>
      <Big name="mAP" value={figures?.AP} interval={of('AP')} what={t('figures.AP')} />
      <Big name="mAP50" value={figures?.AP50} interval={of('AP50')} what={t('figures.AP50')} />
      <dl className={classes.rest}>
        {SMALLER.map((name) => (
          <Small
            key={name}
            name={name}
            value={figures?.[name]}
            interval={of(name)}
            what={t(`figures.${name}`)}
          />
        ))}
      </dl>
      {!controls.q && !!evaluation.interval?.smallest_shown && (
        <Tooltip label={t('canShowWhat')} multiline w={320}>
          <p className={classes.part}>
            {t('canShow', { points: points(evaluation.interval.smallest_shown) })}
          </p>
        </Tooltip>
      )}
      {!controls.q && lacksIntervals(evaluation) && <p className={classes.part}>{t('intervalsWait')}</p>}
      {controls.q && (
        <p className={classes.part}>
          {part.data
            ? t('part', { n: count(part.data.images), of: count(evaluation.counts?.images ?? 0) })
            : t('partWaits')}
          <Button size="compact-xs" variant="subtle" onClick={() => set({ q: '' }, false)}>
            {t('showAll')}
          </Button>
        </p>
      )}
    </div>
  )
}

type Shown = {
  name: string
  value: number | null | undefined
  interval: (Bounds & { level: number }) | null | undefined
  what: string
}

const withLevel = (ends: Bounds | null, level: number) => ends && { ...ends, level }

function Big({ name, value, interval, what }: Shown) {
  const ends = useEnds(interval)
  return (
    <Tooltip label={ends ? `${what}. ${ends}` : what}>
      <div className={classes.big}>
        <span className={classes.name}>{name}</span>
        <span className="hd-num">
          <strong>{points(value)}</strong>
          {isKnown(interval) && <span className={classes.half}> {bounds(value ?? 0, interval)}</span>}
        </span>
        <span className="hd-hidden">{ends}</span>
      </div>
    </Tooltip>
  )
}

function Small({ name, value, interval, what }: Shown) {
  const ends = useEnds(interval)
  return (
    <Tooltip label={ends ? `${what}. ${ends}` : what}>
      <div>
        <dt>{name}</dt>
        <dd className="hd-num">
          {points(value)}
          {isKnown(interval) && <span className={classes.ends}> {bounds(value ?? 0, interval)}</span>}
          <span className="hd-hidden">{ends}</span>
        </dd>
      </div>
    </Tooltip>
  )
}

/** "95 % interval 40.1 to 43.2"; false where there is none. */
function useEnds(interval: Shown['interval']): string | false {
  const { t } = useTranslation('ui')
  return (
    isKnown(interval) &&
    t('interval', {
      level: Math.round(interval.level * 100),
      low: points(interval.low),
      high: points(interval.high),
    })
  )
}
