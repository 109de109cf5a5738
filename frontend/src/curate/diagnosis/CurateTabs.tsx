import { useTranslation } from 'react-i18next'
import { Tabs } from '../../ui/Tabs'

/** The two views of Curate: what is proposed, and what was judged. */
export function CurateTabs({ dataset, current }: { dataset: number; current: 'auto' | 'evaluations' }) {
  const { t } = useTranslation('curate/diagnosis')
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'auto', label: t('tabs.auto'), to: `/curate/${dataset}` },
        { key: 'evaluations', label: t('tabs.evaluations'), to: `/curate/${dataset}/evaluations` },
      ]}
    />
  )
}
