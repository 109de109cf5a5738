import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, Review } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { Section } from '../../ui/Section'
import classes from './SelfTest.module.css'
import { StartDialog } from './StartDialog'

type Props = { run: AutoCurateDetail; round: NonNullable<Review['second_round']> }

/** Offers to search again where that pays, and says why where it does not. */
export function SecondRound({ run, round }: Props) {
  const { t } = useTranslation('curate/autocurate')
  const [asking, setAsking] = useState(false)
  const manages = useMay(run.dataset, 'manager')
  if (round.why === 'no_verdict') return null
  const [left, expected] = [round.left, round.expected].map(
    ({ value, low, high }) =>
      `${count(Math.round(value))} [${count(Math.round(low))}, ${count(Math.round(high))}]`,
  )
  return (
    <Section
      title={t('second.title')}
      actions={
        round.pays && (
          <OffButton
            variant="filled"
            off={!manages && t('ui:off.manager')}
            title={manages ? undefined : t('selfTest.forManagers')}
            onClick={() => setAsking(true)}
          >
            {t('second.start')}
          </OffButton>
        )
      }
    >
      <p className={classes.lead}>
        {t(`second.why.${round.why}`, { left, expected, hour: count(round.per_hour) })}
      </p>
      {asking && (
        <StartDialog dataset={run.dataset} kind="mislabels" again={run} close={() => setAsking(false)} />
      )}
    </Section>
  )
}
