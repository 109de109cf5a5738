import { useTranslation } from 'react-i18next'
import type { Experiment } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { dateTime, personName } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'

/** What went in: the arms' data, the settings that they share, who asked. */
export function ExperimentFacts({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  const slices = (list: Experiment['train_slices']) =>
    list.length > 0 &&
    list.map((slice, index) => (
      <span key={slice.id}>
        {index > 0 && ', '}
        <PathLink href={`/datasets/${of.dataset}/slices/${slice.id}`}>{slice.name}</PathLink>
      </span>
    ))
  const revision = (n: number | null) =>
    n !== null && <PathLink href={`/datasets/${of.dataset}/revisions/${n}`}>{n}</PathLink>
  return (
    <Facts
      of={{
        [t('experiment.treatmentData')]: slices(of.train_slices),
        [t('experiment.treatmentRevision')]: revision(of.revision),
        [t('experiment.controlData')]: of.control && slices(of.control_slices),
        [t('experiment.controlRevision')]: of.control && revision(of.control_revision),
        [t('experiment.shared')]: of.control && t(`experiment.match.${of.match}`),
        [t('validationSlice')]: of.validation_slice && slices([of.validation_slice]),
        [t('experiment.watched')]: slices(of.watched_slices),
        [t('experiment.parent')]: of.parent && (
          <PathLink href={`/runs/${of.parent.id}`}>{of.parent.name}</PathLink>
        ),
        [t('baseline')]: of.baseline,
        [t('settings')]:
          of.settings &&
          ['epochs', 'imgsz', 'batch', 'lr0']
            .map((name) => `${name} ${String(of.settings?.[name])}`)
            .join(' · '),
        [t('experiment.earlyStop')]: t(of.early_stop ? 'experiment.on' : 'experiment.off'),
        [t('by')]: personName(of.created_by),
        [t('at')]: dateTime(of.created_at),
      }}
    />
  )
}
