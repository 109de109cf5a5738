import { ActionIcon, SegmentedControl, Select, Slider, Tooltip } from '@mantine/core'
import { IconLayoutSidebar, IconLayoutSidebarRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count, number } from '../../ui/format'
import classes from './GridBar.module.css'
import { SIZES } from './layout'
import { NOT_COMPARED, type ObjectList, objectCountQuery } from './objects'
import type { PanelName, Panels } from './panels'
import { countQuery, evaluationNamesQuery, evaluationPointQuery } from './queries'
import { ANEW, type GridSearch, ordersOf, type SetSearch, type View } from './useGridSearch'
import { VerdictLegend } from './VerdictLegend'

type Props = {
  dataset: number
  objects: ObjectList
  search: GridSearch
  setSearch: SetSearch
  panels: Panels
  showPanel: (name: PanelName, shown: boolean) => void
}

/** How the grid is looked at: images or objects, how many there are, verdicts of an evaluation, order, size, panels. */
export function GridBar({ dataset, objects, search, setSearch, panels, showPanel }: Props) {
  const { t } = useTranslation('curate/grid')
  return (
    <>
      <Total dataset={dataset} objects={objects} search={search} />
      <SegmentedControl
        size="xs"
        aria-label={t('view.label')}
        data={(['images', 'objects'] as const).map((value) => ({ value, label: t(`view.${value}`) }))}
        value={search.view}
        onChange={(view) => void setSearch({ ...ANEW, view: shown(view as View), order: undefined })}
      />
      <Verdicts dataset={dataset} search={search} setSearch={setSearch} />
      <Select
        className={classes.order}
        aria-label={t('order.label')}
        data={ordersOf(search.view, search.evaluation !== null, search.q).map((value) => ({
          value,
          label: t(`order.${value}`),
        }))}
        value={search.order}
        onChange={(order) => setSearch({ ...ANEW, order: order ?? 'id' })}
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

const shown = (view: View) => (view === 'objects' ? view : undefined)

/** How many there are, in words that say of what. */
function Total({ dataset, objects, search }: Pick<Props, 'dataset' | 'objects' | 'search'>) {
  const { t } = useTranslation('curate/grid')
  const { q, evaluation, view } = search
  const images = useQuery({ ...countQuery({ dataset, q, evaluation }), enabled: view === 'images' }).data
  const boxes = useQuery({ ...objectCountQuery(objects), enabled: view === 'objects' }).data
  const total = view === 'images' ? images : boxes
  const words = view === 'images' ? 'total' : 'totalObjects'
  return (
    <span className="hd-num hd-dim" role="status">
      {total !== undefined && t(words, { count: total, n: count(total) })}
    </span>
  )
}

/** Which evaluation colours the boxes; none means class colours. */
function Verdicts({ dataset, search, setSearch }: Pick<Props, 'dataset' | 'search' | 'setSearch'>) {
  const { t } = useTranslation('curate/grid')
  const { data } = useQuery(evaluationNamesQuery(dataset))
  const point = usePointName(search.evaluation, data)
  if (!data?.length && search.evaluation === null) return null
  const names = [...(data ?? []), ...(point ? [point] : [])].map(({ id, name }) => ({
    value: String(id),
    label: name,
  }))
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
        onChange={(id) => setSearch({ ...ANEW, ...NOT_COMPARED, evaluation: id ? Number(id) : undefined })}
      />
    </>
  )
}

type Named = { id: number; name: string }

/** An evaluation at another operating point is in no list, so it is called by its evaluation and the point. */
function usePointName(id: number | null, listed: readonly Named[] | undefined): Named | null {
  const { t } = useTranslation('curate/grid')
  const unlisted = id !== null && listed !== undefined && !listed.some((one) => one.id === id)
  const { data } = useQuery({ ...evaluationPointQuery(id ?? 0), enabled: unlisted })
  if (!unlisted || !data) return null
  const at = data.rows === 'budget' ? 'pointOfBudget' : 'pointAt'
  return { id, name: t(at, { name: data.name, conf: number(data.conf, 3), iou: number(data.iou, 2) }) }
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
