import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EvaluationDetail, FigureName } from '../../api/types'
import { count, halfWidth, points } from '../../ui/format'
import { type Bounds, isKnown } from '../../ui/interval'
import { PathLink } from '../../ui/PathLink'
import { gridAddress, verdictQuery } from './drill'
import classes from './Headline.module.css'

const SMALLER: FigureName[] = ['AP75', 'APs', 'APm', 'APl', 'AR100']

/** The figures that a reader looks for first, with their intervals, and the three verdicts as ways to their boxes. */
export function Headline({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation(['curate/diagnosis', 'ui'])
  const { figures, interval, interval50, counts } = evaluation
  if (!figures || !counts) return null
  return (
    <div className={classes.line}>
      <Big name="mAP" value={figures.AP} interval={interval} what={t('figures.AP')} />
      <Big name="mAP50" value={figures.AP50} interval={interval50} what={t('figures.AP50')} />
      <dl className={classes.rest}>
        {SMALLER.map((name) => (
          <Tooltip key={name} label={t(`figures.${name}`)}>
            <div>
              <dt>{name}</dt>
              <dd className="hd-num">{points(figures[name])}</dd>
            </div>
          </Tooltip>
        ))}
      </dl>
      <div className={classes.verdicts}>
        {(['tp', 'fp', 'fn'] as const).map((verdict) => (
          <PathLink
            key={verdict}
            href={gridAddress(evaluation.dataset, verdictQuery(verdict, evaluation.id), evaluation.id)}
            className={classes.verdict}
            data-verdict={verdict}
          >
            <span className="hd-num">{count(counts[verdict])}</span>
            {t(`verdicts.${verdict}`)}
          </PathLink>
        ))}
      </div>
    </div>
  )
}

function Big({
  name,
  value,
  interval,
  what,
}: {
  name: string
  value: number | null
  interval: (Bounds & { level: number }) | null
  what: string
}) {
  const { t } = useTranslation('ui')
  const bounds =
    isKnown(interval) &&
    t('interval', {
      level: Math.round(interval.level * 100),
      low: points(interval.low),
      high: points(interval.high),
    })
  return (
    <Tooltip label={bounds ? `${what}. ${bounds}` : what}>
      <div className={classes.big}>
        <span className={classes.name}>{name}</span>
        <span className="hd-num">
          <strong>{points(value)}</strong>
          {isKnown(interval) && <span className={classes.half}> ± {halfWidth(interval)}</span>}
        </span>
        <span className="hd-hidden">{bounds}</span>
      </div>
    </Tooltip>
  )
}
