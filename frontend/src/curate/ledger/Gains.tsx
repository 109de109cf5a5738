import { useTranslation } from 'react-i18next'
import type { GainVerdict, Ledger } from '../../api/types'
import { Verdict } from '../../ui/Figure'
import { percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Ledger.module.css'
import { changeText } from './lines'

/** What the iteration brought, over its control first. */
export function Gains({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('curate/ledger')
  const { control, before, root } = ledger.gains
  const shown = [
    { key: 'control', gain: control },
    { key: 'before', gain: before },
    { key: 'root', gain: root },
  ].flatMap(({ key, gain }) => (gain ? [{ key, gain }] : []))
  return (
    <section className={classes.gains} aria-label={t('step.gain')}>
      {shown.map(({ key, gain }) => (
        <div key={key}>
          <span className="hd-dim">
            {t(`over.${key}`, { name: gain.over.name })}
            {key === 'control' && ledger.shared_control && ` ${t('shared')}`}
          </span>
          {gain.mAP && gain.comparison ? (
            <PathLink href={`/comparisons/${gain.comparison}`} className={classes.gain}>
              <Change change={gain.mAP} main={key === 'control'} />
            </PathLink>
          ) : (
            <span className="hd-faint">{t(gain.pair ? 'notCompared' : 'noPair')}</span>
          )}
          {gain.mAP && <Share change={gain.mAP} />}
        </div>
      ))}
      {!control && (
        <div>
          <span className="hd-dim">{t('overControl')}</span>
          <span className="hd-faint">{t('noControl')}</span>
        </div>
      )}
      {ledger.seeds && (
        <div>
          <span className="hd-dim">{t('overSeeds', { n: ledger.seeds.seeds.length })}</span>
          <strong className={`${classes.amount} hd-num`}>{changeText(ledger.seeds)}</strong>
        </div>
      )}
    </section>
  )
}

type Change = {
  a: number | null
  value: number | null
  low: number | null
  high: number | null
  verdict: GainVerdict
}

function Change({ change, main }: { change: Change; main: boolean }) {
  return (
    <>
      <strong className={`${classes.amount} hd-num`} data-main={main || undefined}>
        {changeText(change)}
      </strong>{' '}
      <Verdict of={change.verdict} />
    </>
  )
}

/** The difference as a part of what the other reached. */
function Share({ change: { a, value } }: { change: Change }) {
  const { t } = useTranslation('curate/ledger')
  if (!a || value === null) return null
  const share = `${value > 0 ? '+' : value < 0 ? '−' : ''}${percent(Math.abs(value) / a, 1)}`
  return <span className="hd-faint hd-num">{t('relative', { share })}</span>
}
