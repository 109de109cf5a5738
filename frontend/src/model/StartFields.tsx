import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Baseline, Checkpoint } from '../api/types'
import { million, number } from '../ui/format'
import type { RunDraft } from './draft'
import classes from './RunForm.module.css'

type Props = {
  draft: RunDraft
  baselines: Baseline[]
  baseline: Baseline | undefined
  /** Checkpoints of the chosen architecture. */
  checkpoints: Checkpoint[]
  change: (part: Partial<RunDraft>) => void
}

/** Architecture, and the weights to start from. */
export function StartFields({ draft, baselines, baseline, checkpoints, change }: Props) {
  const { t } = useTranslation('model')
  const offered = baseline?.weights ?? []
  const more = checkpoints.filter(
    ({ id, kind }) => kind !== 'base' && !offered.some((one) => one.id === String(id)),
  )
  const groups = [
    {
      group: t('weightsOfBaseline'),
      items: offered.filter(({ id }) => id !== 'scratch').map(({ id, label }) => ({ value: id, label })),
    },
    {
      group: t('weightsOfRuns'),
      items: more.map((one) => ({ value: String(one.id), label: one.name })),
    },
    { group: t('without'), items: [{ value: 'scratch', label: t('scratch') }] },
  ]
  return (
    <div className={classes.pair}>
      <Select
        label={t('architecture')}
        description={
          baseline && t('sizeOf', { params: million(baseline.params), gflops: number(baseline.gflops) })
        }
        searchable
        data={baselines.map((one) => ({ value: one.name, label: one.title }))}
        value={baseline?.name ?? null}
        onChange={(name) => change({ baseline: name })}
      />
      <Select
        label={t('weights')}
        description={t(draft.weights === 'scratch' ? 'scratchWhat' : 'weightsHelp')}
        data={groups.filter(({ items }) => items.length > 0)}
        value={draft.weights}
        onChange={(weights) => change({ weights: weights ?? 'scratch' })}
      />
    </div>
  )
}
