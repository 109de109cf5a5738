import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { count } from '../ui/format'
import { Tabs } from '../ui/Tabs'
import { useDataset } from './queries'

type Props = {
  dataset: number
  current: 'images' | 'analytics' | 'slices' | 'revisions' | 'imports' | 'exports' | 'classes'
}

/** The views of a dataset. What the images and their analytics are narrowed to is kept between the two. */
export function DatasetTabs({ dataset: id, current }: Props) {
  const { t } = useTranslation('dataset')
  const dataset = useDataset(id).data
  const at = `/datasets/${id}`
  const { q, evaluation } = useSearch({ strict: false }) as { q?: string; evaluation?: number }
  const shown = current === 'images' || current === 'analytics' ? { q, evaluation } : undefined
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        {
          key: 'images',
          label: t('tabs.images'),
          to: at,
          search: shown,
          note: dataset && count(dataset.image_count),
        },
        { key: 'analytics', label: t('tabs.analytics'), to: `${at}/analytics`, search: shown },
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
