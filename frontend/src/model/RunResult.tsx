import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FigureName, RunDetail } from '../api/types'
import { Figure } from '../ui/Figure'
import { intervalOf } from '../ui/interval'
import { PathLink } from '../ui/PathLink'
import classes from './RunPage.module.css'

const SHOWN: [FigureName, string][] = [
  ['AP', 'mAP'],
  ['AP50', 'mAP50'],
  ['AP75', 'mAP75'],
  ['AR100', 'mAR'],
]

/** What the run reached on its validation slice, and the way to why. */
export function RunResult({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const { evaluation } = run
  if (!evaluation?.figures) {
    return run.state === 'succeeded' ? <p className={`${classes.result} hd-dim`}>{t('notJudged')}</p> : null
  }
  return (
    <div className={classes.result}>
      {SHOWN.map(([figure, name]) => (
        <div key={figure}>
          <span className="hd-dim">{name}</span>
          <strong>
            <Figure value={evaluation.figures?.[figure]} interval={intervalOf(evaluation, figure)} />
          </strong>
        </div>
      ))}
      <span className="hd-dim">
        {t('onSlice', {
          name: run.validation_slice.name,
          n: run.validation_manifest?.revision ?? run.revision,
        })}
      </span>
      <Button component={PathLink} href={`/evaluations/${evaluation.id}`}>
        {t('openDiagnosis')}
      </Button>
    </div>
  )
}
