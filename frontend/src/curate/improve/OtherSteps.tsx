import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ImproveStep } from '../../api/types'
import { points } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import classes from './Improve.module.css'
import { ActButton, type Off, Sources } from './NextStep'
import { useStepWords, useWhy } from './useWhy'
import { gainText, minutesText, perHour, stepKey } from './view'

type Props = {
  steps: ImproveStep[]
  off: Off
  take: (step: ImproveStep) => void
  skip: (step: ImproveStep, undo: boolean) => void
}

/** The alternatives: those with a gain by gain per hour, then what has to be measured first. */
export function OtherSteps({ steps, off, take, skip }: Props) {
  const { t } = useTranslation('curate/improve')
  const words = useStepWords()
  const why = useWhy()
  const columns: Column<ImproveStep>[] = [
    {
      key: 'step',
      head: t('step'),
      cell: (step) => (
        <div className={classes.other} data-skipped={step.skipped || undefined}>
          <strong>{words.title(step)}</strong>
          <span className="hd-dim">{why(step)}</span>
          <Sources step={step} />
        </div>
      ),
    },
    {
      key: 'gain',
      head: t('gain'),
      numeric: true,
      width: 132,
      cell: (step) => <Gain step={step} />,
    },
    {
      key: 'people',
      head: t('people'),
      numeric: true,
      width: 76,
      cell: (step) => (step.people_minutes > 0 ? minutesText(step.people_minutes) : t('none')),
    },
    {
      key: 'machine',
      head: t('machine'),
      numeric: true,
      width: 76,
      cell: (step) => minutesText(step.machine_minutes),
    },
    {
      key: 'perHour',
      head: t('perHour'),
      numeric: true,
      width: 76,
      cell: (step) => (step.per_hour === null ? '–' : perHour(step.per_hour)),
    },
    {
      key: 'act',
      head: <span className="hd-hidden">{t('act')}</span>,
      width: 118,
      cell: (step) => (
        <div className={classes.act}>
          {step.possible && (
            <ActButton off={off} perform={() => take(step)}>
              {t('start')}
            </ActButton>
          )}
          {step.possible && (
            <ActButton off={off} perform={() => skip(step, step.skipped)}>
              {t(step.skipped ? 'takeUp' : 'skip')}
            </ActButton>
          )}
        </div>
      ),
    },
  ]
  return <Table label={t('others')} columns={columns} rows={steps} rowKey={stepKey} />
}

function Gain({ step }: { step: ImproveStep }) {
  const { t } = useTranslation('curate/improve')
  if (step.gain) return gainText(step.gain)
  if (step.at_most !== null)
    return (
      <Tooltip label={t('measureFirst')}>
        {<span>{t('atMost', { n: points(step.at_most / 100) })}</span>}
      </Tooltip>
    )
  return <span className="hd-dim">{t('measureFirst')}</span>
}
