import { ActionIcon, Select, Slider, Tooltip } from '@mantine/core'
import { IconLayoutSidebar, IconLayoutSidebarRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import classes from './GridBar.module.css'
import { SIZES } from './layout'
import type { PanelName, Panels } from './panels'
import { countQuery, evaluationNamesQuery } from './queries'
import type { GridSearch, SetSearch } from './useGridSearch'
import { VerdictLegend } from './VerdictLegend'

type Props = {
  dataset: number
  search: GridSearch
  setSearch: SetSearch
  panels: Panels
  showPanel: (name: PanelName, shown: boolean) => void
}

const ORDERS = ['id', '-id', 'key', '-key'] as const

/** How the grid is looked at: how many there are, verdicts of an evaluation, order, size, panels. */
export function GridBar({ dataset, search, setSearch, panels, showPanel }: Props) {
  const { t } = useTranslation('curate/grid')
  const total = useQuery(countQuery({ dataset, q: search.q, evaluation: search.evaluation })).data
  return (
    <>
      <span className="hd-num hd-dim" role="status">
        {total !== undefined && t('total', { count: total, n: count(total) })}
      </span>
      <Verdicts dataset={dataset} search={search} setSearch={setSearch} />
      <Select
        className={classes.order}
        aria-label={t('order.label')}
        data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
        value={search.order}
        onChange={(order) => setSearch({ order: order ?? 'id' })}
      />
      <Slider
        className={classes.size}
        size="xs"
        label={null}
        min={SIZES.least}
        max={SIZES.most}
        step={8}
        value={search.size}
        onChange={(size) => setSearch({ size }, true)}
        thumbLabel={t('size')}
      />
      <PanelButton name="facets" Icon={IconLayoutSidebar} {...{ panels, showPanel }} />
      <PanelButton name="inspector" Icon={IconLayoutSidebarRight} {...{ panels, showPanel }} />
    </>
  )
}

/** Which evaluation colours the boxes; none means class colours. */
function Verdicts({ dataset, search, setSearch }: Pick<Props, 'dataset' | 'search' | 'setSearch'>) {
  const { t } = useTranslation('curate/grid')
  const { data } = useQuery(evaluationNamesQuery(dataset))
  if (!data?.length && search.evaluation === null) return null
  const names = (data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
  return (
    <>
      {search.evaluation !== null && <VerdictLegend />}
      <Select
        className={classes.evaluation}
        aria-label={t('verdictsOf')}
        placeholder={t('verdictsOf')}
        clearable
        data={names}
        value={search.evaluation === null ? null : String(search.evaluation)}
        onChange={(id) => setSearch({ evaluation: id ? Number(id) : undefined })}
      />
    </>
  )
}

type ButtonProps = { name: PanelName; Icon: typeof IconLayoutSidebar } & Pick<Props, 'panels' | 'showPanel'>

function PanelButton({ name, Icon, panels, showPanel }: ButtonProps) {
  const { t } = useTranslation('curate/grid')
  return (
    <Tooltip label={t(`panel.${name}`)}>
      <ActionIcon
        aria-label={t(`panel.${name}`)}
        aria-pressed={panels[name] ?? false}
        onClick={() => showPanel(name, !panels[name])}
      >
        <Icon size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
