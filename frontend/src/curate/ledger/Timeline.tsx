import { useTranslation } from 'react-i18next'
import type { Ledger } from '../../api/types'
import { Verdict } from '../../ui/Figure'
import { clock, duration } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Ledger.module.css'
import { type Line, type Step, stepsOf, type Words } from './lines'

/** The steps from top to bottom; every line leads to the page behind it. */
export function Timeline({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('curate/ledger')
  return (
    <ol className={classes.timeline} aria-label={t('steps')}>
      {stepsOf(ledger).map((step) => (
        <li key={step.name}>
          <header>
            <h2>{t(`step.${step.name}`)}</h2>
            <StepTimes step={step} />
          </header>
          <ul>
            {step.lines.map((line) => (
              <LedgerLine key={line.key} line={line} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}

function StepTimes({ step: { times } }: { step: Step }) {
  const { t } = useTranslation('curate/ledger')
  if (times.length === 0) return null
  const sum = (kind: 'machine_seconds' | 'human_seconds') =>
    times.reduce((total, one) => total + one[kind], 0)
  const [machine, human] = [sum('machine_seconds'), sum('human_seconds')]
  const minutes = [times[0]?.started_at, times.at(-1)?.finished_at].flatMap((at) =>
    at ? [clock(at).slice(0, 5)] : [],
  )
  return (
    <span className={classes.times}>
      {[...new Set(minutes)].join('–')}
      {machine >= 1 && <span data-who="machine">{t('machinesShort', { time: duration(machine) })}</span>}
      {human >= 1 && <span data-who="human">{t('peopleShort', { time: duration(human) })}</span>}
    </span>
  )
}

function LedgerLine({ line }: { line: Line }) {
  const { t } = useTranslation('curate/ledger')
  const said = (words: string | Words) => (typeof words === 'string' ? words : t(words[0], words[1] ?? {}))
  return (
    <li>
      <PathLink href={line.href} className={classes.line}>
        <span className={classes.what} data-main={line.main || undefined}>
          {said(line.what)}
        </span>
        <span className={classes.notes}>{line.notes.map(said).join(' · ')}</span>
        <span className={classes.figure}>
          {line.figure && said(line.figure)}
          {line.verdict && <Verdict of={line.verdict} />}
        </span>
      </PathLink>
    </li>
  )
}
