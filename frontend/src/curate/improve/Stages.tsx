import { useTranslation } from 'react-i18next'
import type { LoopStage } from '../../api/types'
import classes from './Improve.module.css'

/** The round as a thin line of stages; the sign and a word say what the colour says. */
export function Stages({ stages }: { stages: readonly LoopStage[] }) {
  const { t } = useTranslation('curate/improve')
  return (
    <ol className={classes.stages} aria-label={t('stages')}>
      {stages.map(({ stage, state }) => (
        <li key={stage} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
          <span className={classes.sign} aria-hidden />
          {t(`stage.${stage}`)}
          <span className="hd-hidden">, {t(`stageState.${state}`)}</span>
        </li>
      ))}
    </ol>
  )
}
