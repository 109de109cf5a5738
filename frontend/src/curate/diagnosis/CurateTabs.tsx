import { useTranslation } from 'react-i18next'
import { Tabs } from '../../ui/Tabs'

type Props = { dataset: number; current: 'auto' | 'evaluations' | 'map' }

/** The views of Curate: what is proposed, what was judged, and where everything lies. */
export function CurateTabs({ dataset, current }: Props) {
  const { t } = useTranslation('curate/diagnosis')
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'auto', label: t('tabs.auto'), to: `/curate/${dataset}` },
        { key: 'evaluations', label: t('tabs.evaluations'), to: `/curate/${dataset}/evaluations` },
        { key: 'map', label: t('tabs.map'), to: `/curate/${dataset}/map` },
      ]}
    />
  )
}
