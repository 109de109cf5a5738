import { useTranslation } from 'react-i18next'
import type { Experiment } from '../../api/types'
import { OverlaidRuns } from '../OverlaidRuns'

/** One metric of all runs over each other: a colour for each seed, the control dashed. */
export function ExperimentCurves({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  return (
    <OverlaidRuns
      runs={of.runs.map((run) => ({
        ...run,
        name: `${t(`experiment.arm.${run.arm}`)} s${run.seed}`,
        colour: of.seeds.indexOf(run.seed),
        dashed: run.arm === 'control',
      }))}
      legend={t('experiment.curveLegend')}
    />
  )
}
