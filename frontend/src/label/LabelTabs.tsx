import { useTranslation } from 'react-i18next'
import { Tabs } from '../ui/Tabs'

/** The two first pages of Label: what is mine, and the batches of the dataset. */
export function LabelTabs({
  dataset,
  current,
}: {
  dataset: number | undefined
  current: 'mine' | 'batches'
}) {
  const { t } = useTranslation('label')
  if (dataset === undefined) return null
  const tabs = [
    { key: 'mine', label: t('desk.title'), to: '/label', search: { dataset } },
    { key: 'batches', label: t('batches'), to: `/label/${dataset}` },
  ]
  return <Tabs label={t('desk.title')} tabs={tabs} current={current} />
}
