import { Checkbox, MultiSelect, NumberInput, Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Run, Slice } from '../../api/types'
import { count } from '../../ui/format'
import runClasses from '../RunForm.module.css'
import type { ExperimentDraft } from './draft'

type Props = {
  draft: ExperimentDraft
  slices: Slice[]
  parent?: Run
  head: number | undefined
  /** Both arms have the same images and labels. */
  same: boolean
  change: (part: Partial<ExperimentDraft>) => void
}

/** Whether there is a control, what it is trained on, and what both arms do as many of. */
export function ControlFields({ draft, slices, parent, head, same, change }: Props) {
  const { t } = useTranslation('model')
  return (
    <>
      <Checkbox
        label={t('experiment.control')}
        description={t('experiment.controlWhy')}
        checked={draft.control}
        onChange={(event) => change({ control: event.currentTarget.checked })}
      />
      {draft.control && (
        <>
          <div className={runClasses.pair}>
            <MultiSelect
              label={t('experiment.controlData')}
              description={t(parent ? 'experiment.controlSlicesOfParent' : 'experiment.controlSlicesWhat', {
                name: parent?.name,
              })}
              searchable
              data={slices
                .filter(({ id }) => id !== draft.validationSlice)
                .map((slice) => ({
                  value: String(slice.id),
                  label: `${slice.name} · ${count(slice.image_count)}`,
                }))}
              value={draft.controlSlices.map(String)}
              onChange={(ids) => change({ controlSlices: ids.map(Number) })}
            />
            <NumberInput
              label={t('experiment.controlRevision')}
              description={t('experiment.controlRevisionWhat')}
              placeholder={head === undefined ? '' : String(head)}
              min={1}
              max={head}
              allowDecimal={false}
              value={draft.controlRevision ?? ''}
              onChange={(value) => change({ controlRevision: value === '' ? null : Number(value) })}
            />
          </div>
          {same && (
            <p className={runClasses.warn} role="status">
              {t('experiment.sameData')}
            </p>
          )}
          <Radio.Group
            label={t('experiment.shared')}
            value={draft.match}
            onChange={(match) => change({ match: match as ExperimentDraft['match'] })}
          >
            <Stack gap={6} mt={6}>
              {(['steps', 'epochs'] as const).map((match) => (
                <Radio
                  key={match}
                  size="xs"
                  value={match}
                  label={t(`experiment.match.${match}`)}
                  description={t(`experiment.matchWhat.${match}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
    </>
  )
}
