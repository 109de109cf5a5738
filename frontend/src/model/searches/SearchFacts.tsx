import { useTranslation } from 'react-i18next'
import type { SettingsSearch } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { dateTime, duration, personName } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { valueText } from './values'

/** What went in: data, unchanged settings, ranges, limits, who asked. */
export function SearchFacts({ of }: { of: SettingsSearch }) {
  const { t } = useTranslation('model')
  const slice = ({ id, name }: { id: number; name: string }) => (
    <PathLink key={id} href={`/datasets/${of.dataset}/slices/${id}`}>
      {name}
    </PathLink>
  )
  const ranges = of.ranges.map(({ name, low, high, log, choices }) =>
    choices && choices.length > 0
      ? `${name} ${choices.map(String).join(', ')}`
      : `${name} ${valueText(low ?? undefined)}–${valueText(high ?? undefined)}${log ? ' (log)' : ''}`,
  )
  return (
    <Facts
      of={{
        [t('trainSlices')]: of.train_slices.map(slice).flatMap((one, at) => (at ? [', ', one] : [one])),
        [t('validationSlice')]: of.validation_slice && slice(of.validation_slice),
        [t('revision')]: of.revision !== null && (
          <PathLink href={`/datasets/${of.dataset}/revisions/${of.revision}`}>{of.revision}</PathLink>
        ),
        [t('baseline')]: of.baseline,
        [t('search.unchanged')]:
          of.settings &&
          ['epochs', 'imgsz', 'batch', 'lr0']
            .map((name) => `${name} ${String(of.settings?.[name])}`)
            .join(' · '),
        [t('search.ranges')]: ranges.join(' · '),
        [t('search.minutes')]: of.minutes ?? t('search.noLimit'),
        [t('search.spent')]: duration(of.seconds),
        [t('search.prune')]: t(of.prune ? 'experiment.on' : 'experiment.off'),
        [t('by')]: personName(of.created_by),
        [t('at')]: dateTime(of.created_at),
      }}
    />
  )
}
