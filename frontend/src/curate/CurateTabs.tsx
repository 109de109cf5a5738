import { useTranslation } from 'react-i18next'
import { useDataset } from '../dataset/queries'
import { type Tab, Tabs } from '../ui/Tabs'

type Props = { dataset: number; current: 'auto' | 'evaluations' | 'history' | 'map' | 'duplicates' }

/** The views of Curate: what is proposed, what was judged, and where everything lies. */
export function CurateTabs({ dataset, current }: Props) {
  const { t } = useTranslation(['curate/evaluations', 'curate/history'])
  const project = useDataset(dataset).data?.project
  return (
    <Tabs
      label={t('tabs.label')}
      current={current}
      tabs={[
        { key: 'auto', label: t('tabs.auto'), to: `/curate/${dataset}` },
        { key: 'evaluations', label: t('tabs.evaluations'), to: `/curate/${dataset}/evaluations` },
        ...(project ? [history(project, dataset, t('curate/history:tab'))] : []),
        { key: 'map', label: t('tabs.map'), to: `/curate/${dataset}/map` },
        { key: 'duplicates', label: t('tabs.duplicates'), to: `/curate/${dataset}/duplicates` },
      ]}
    />
  )
}

const history = (project: number, dataset: number, label: string): Tab => ({
  key: 'history',
  label,
  to: `/projects/${project}/evaluations`,
  search: { dataset },
})
