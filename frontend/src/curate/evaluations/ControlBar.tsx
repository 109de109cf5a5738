import { Slider } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { count, number } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { QueryLine } from '../grid/QueryLine'
import classes from './ControlBar.module.css'
import { clampConf, FLOOR, IOUS, isOwn, nearestIou } from './controls'
import { atQuery, overQuery } from './queries'
import { useEvaluationControls } from './useControls'

/** So long a slider rests before the server is asked, in milliseconds. */
const REST_MS = 30

/** From which confidence and IoU on, and on which images, everything below is judged; and what that comes to. */
export function ControlBar() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set } = useEvaluationControls()
  const best = useQuery(overQuery(evaluation.id, controls)).data?.confidence.best ?? null
  const own = isOwn(evaluation, controls)
  return (
    <section className={classes.bar} aria-label={t('controls.label')}>
      <div className={classes.query}>
        <QueryLine
          filter={{ dataset: evaluation.dataset, q: controls.q, evaluation: evaluation.id }}
          apply={(q) => set({ q }, false)}
        />
      </div>
      <Knob name={t('confidence')} value={number(controls.conf, 3)}>
        <Live
          label={t('confidence')}
          value={controls.conf}
          min={FLOOR}
          max={1}
          step={0.01}
          marks={best === null ? [] : [{ value: best }]}
          settle={(conf) => set({ conf: clampConf(conf) })}
        />
      </Knob>
      <Knob name="IoU" value={controls.iou.toFixed(2)}>
        <Live
          label="IoU"
          value={controls.iou}
          min={IOUS[0]}
          max={0.95}
          step={0.05}
          marks={[]}
          settle={(iou) => set({ iou: nearestIou(iou) })}
        />
      </Knob>
      <span className={classes.ways}>
        {best !== null && (
          <OffButton
            size="compact-xs"
            variant="subtle"
            off={Math.abs(best - controls.conf) < 0.0005 && t('ui:off.there')}
            onClick={() => set({ conf: clampConf(best) })}
          >
            {t('controls.best', { f: fName(controls.beta), conf: number(best, 3) })}
          </OffButton>
        )}
        <OffButton
          size="compact-xs"
          variant="subtle"
          off={own && t('ui:off.there')}
          onClick={() => set({ conf: clampConf(evaluation.conf ?? FLOOR), iou: nearestIou(evaluation.iou) })}
        >
          {t('controls.own')}
        </OffButton>
      </span>
      <Tallies />
    </section>
  )
}

/** F1, F0.5, F2. */
export const fName = (beta: number): string => `F${beta}`

function Knob({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className={classes.knob}>
      <span>
        {name} <strong className="hd-num">{value}</strong>
      </span>
      {children}
    </div>
  )
}

type LiveProps = {
  label: string
  value: number
  min: number
  max: number
  step: number
  marks: { value: number }[]
  settle: (value: number) => void
}

/** A slider that follows the hand at once and tells the page a moment later. */
function Live({ label, value, settle, ...others }: LiveProps) {
  const [held, setHeld] = useState(value)
  useEffect(() => setHeld(value), [value])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is held starts the rest anew
  useEffect(() => {
    if (held === value) return
    const timer = setTimeout(() => settle(held), REST_MS)
    return () => clearTimeout(timer)
  }, [held])
  return <Slider size="sm" label={null} thumbLabel={label} value={held} onChange={setHeld} {...others} />
}

/** The three verdicts as ways to their boxes. */
function Tallies() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, boxes } = useEvaluationControls()
  const { data } = useQuery(atQuery(evaluation.id, controls))
  return (
    <div className={classes.verdicts}>
      {(['tp', 'fp', 'fn'] as const).map((verdict) => (
        <PathLink
          key={verdict}
          href={boxes({ verdicts: verdict })}
          className={classes.verdict}
          data-verdict={verdict}
        >
          <span className="hd-num">{data ? count(data.counts[verdict]) : '…'}</span>
          {t(`verdicts.${verdict}`)}
        </PathLink>
      ))}
    </div>
  )
}
