import { useTranslation } from 'react-i18next'
import { count } from '../ui/format'
import { Tabs } from '../ui/Tabs'
import { useDataset } from './queries'

type Props = {
  dataset: number
  current: 'images' | 'slices' | 'revisions' | 'imports' | 'exports' | 'classes'
}

/** The views of a dataset. */
export function DatasetTabs({ dataset: id, current }: Props) {
  const { t } = useTranslation('dataset')
  const dataset = useDataset(id).data
  const at = `/datasets/${id}`
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'images', label: t('tabs.images'), to: at, note: dataset && count(dataset.image_count) },
        { key: 'slices', label: t('tabs.slices'), to: `${at}/slices` },
        {
          key: 'revisions',
          label: t('tabs.revisions'),
          to: `${at}/revisions`,
          note: dataset && count(dataset.head_revision),
        },
        {
          key: 'classes',
          label: t('tabs.classes'),
          to: `${at}/classes`,
          note: dataset && count(dataset.classes.length),
        },
        { key: 'imports', label: t('tabs.imports'), to: `${at}/imports` },
        { key: 'exports', label: t('tabs.exports'), to: `${at}/exports` },
      ]}
    />
  )
}
