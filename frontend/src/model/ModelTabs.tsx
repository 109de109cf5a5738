import { useTranslation } from 'react-i18next'
import { Tabs } from '../ui/Tabs'

/** The two views of Model. */
export function ModelTabs({ dataset, current }: { dataset: number; current: 'runs' | 'baselines' }) {
  const { t } = useTranslation('model')
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'runs', label: t('tabs.runs'), to: `/model/${dataset}` },
        { key: 'baselines', label: t('tabs.baselines'), to: `/model/${dataset}/baselines` },
      ]}
    />
  )
}
