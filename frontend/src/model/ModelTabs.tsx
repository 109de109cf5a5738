import { useTranslation } from 'react-i18next'
import { Tabs } from '../ui/Tabs'

type Current = 'runs' | 'experiments' | 'searches' | 'baselines' | 'endpoints'

/** The views of Model. */
export function ModelTabs({ dataset, current }: { dataset: number; current: Current }) {
  const { t } = useTranslation('model')
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'runs', label: t('tabs.runs'), to: `/model/${dataset}` },
        { key: 'experiments', label: t('tabs.experiments'), to: `/model/${dataset}/experiments` },
        { key: 'searches', label: t('tabs.searches'), to: `/model/${dataset}/searches` },
        { key: 'baselines', label: t('tabs.baselines'), to: `/model/${dataset}/baselines` },
        { key: 'endpoints', label: t('tabs.endpoints'), to: `/model/${dataset}/endpoints` },
      ]}
    />
  )
}
