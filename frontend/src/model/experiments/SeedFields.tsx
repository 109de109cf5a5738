import { Checkbox, MultiSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { count } from '../../ui/format'
import runClasses from '../RunForm.module.css'
import type { ExperimentDraft } from './draft'

type Props = {
  draft: ExperimentDraft
  slices: Slice[]
  hasParent: boolean
  change: (part: Partial<ExperimentDraft>) => void
}

/** How often each arm is trained, whether it may end early, and what must not be forgotten. */
export function SeedFields({ draft, slices, hasParent, change }: Props) {
  const { t } = useTranslation('model')
  return (
    <>
      <div className={runClasses.pair}>
        <NumberInput
          label={t('experiment.seeds')}
          description={t('experiment.seedsWhat')}
          min={1}
          max={10}
          allowDecimal={false}
          value={draft.seeds}
          onChange={(value) => change({ seeds: Number(value) })}
        />
        {hasParent && (
          <MultiSelect
            label={t('experiment.watched')}
            description={t('experiment.watchedWhat')}
            searchable
            data={slices.map((slice) => ({
              value: String(slice.id),
              label: `${slice.name} · ${count(slice.image_count)}`,
            }))}
            value={draft.watched.map(String)}
            onChange={(ids) => change({ watched: ids.map(Number) })}
          />
        )}
      </div>
      {draft.seeds === 1 && <p className={runClasses.warn}>{t('experiment.oneSeed')}</p>}
      {draft.seeds === 2 && <p className={runClasses.warn}>{t('experiment.twoSeeds')}</p>}
      <Checkbox
        label={t('experiment.earlyStop')}
        description={t('experiment.earlyStopWhat')}
        disabled={!draft.control}
        checked={draft.control && draft.earlyStop}
        onChange={(event) => change({ earlyStop: event.currentTarget.checked })}
      />
    </>
  )
}
