import { useTranslation } from 'react-i18next'
import { Tabs } from '../ui/Tabs'

/** The views of Model. */
export function ModelTabs({
  dataset,
  current,
}: {
  dataset: number
  current: 'runs' | 'baselines' | 'endpoints'
}) {
  const { t } = useTranslation('model')
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'runs', label: t('tabs.runs'), to: `/model/${dataset}` },
        { key: 'baselines', label: t('tabs.baselines'), to: `/model/${dataset}/baselines` },
        { key: 'endpoints', label: t('tabs.endpoints'), to: `/model/${dataset}/endpoints` },
      ]}
    />
  )
}
