import { useNavigate } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectRow } from '../../api/types'
import { rowMarks } from '../../canvas/rowMarks'
import { useClasses } from '../../dataset/queries'
import { chosenObjects } from './bulk'
import type { CellProps } from './cellProps'
import { BadList, NoObjects } from './Empty'
import { Listing } from './Listing'
import { ObjectCell } from './ObjectCell'
import { ObjectInspector } from './ObjectInspector'
import { isNarrowed, NO_CONDITIONS, type ObjectList, written } from './objects'
import { Preview } from './Preview'
import type { PanelName, Panels } from './panels'
import { SelectionBar } from './SelectionBar'
import type { GridSearch, SetSearch } from './useGridSearch'
import { useObjects } from './useObjects'
import { useStable } from './useStable'

type Props = {
  list: ObjectList
  search: GridSearch
  setSearch: SetSearch
  panels: Panels
  showPanel: (name: PanelName, shown: boolean) => void
}

/** Grid, inspector and selection bar of a list of objects: each cell is the part of its image around one box. */
export function ObjectView({ list, search, setSearch, panels, showPanel }: Props) {
  const { t } = useTranslation('curate/grid')
  const objects = useObjects(list)
  const named = useStable(useClasses(list.dataset))
  const navigate = useNavigate()
  // The place is where it was when the list was opened; what the address is told later does not move the list.
  const [begin] = useState(search.at)
  const cell = useCallback(
    (one: ObjectRow, props: CellProps) => <ObjectCell key={one.id} object={one} named={named} {...props} />,
    [named],
  )
  const clearAll = () => setSearch({ q: '', ...written(NO_CONDITIONS) })
  const asked = list.q !== '' || isNarrowed(list.conditions)
  if (objects.error) return <BadList error={objects.error} clear={clearAll} hasQuery={asked} />
  if (objects.total === 0) return <NoObjects asked={asked} clear={clearAll} />
  const open = (one: ObjectRow) =>
    void setSearch({ object: one.id }, true).then(() =>
      navigate({
        to: '/datasets/$datasetId/images/$imageId',
        params: { datasetId: String(list.dataset), imageId: String(one.image.id) },
        search: { q: list.q || undefined, evaluation: list.evaluation ?? undefined },
      }),
    )
  return (
    <Listing
      label={t('objects')}
      items={objects}
      aspect={1}
      search={search}
      setSearch={setSearch}
      inspector={panels.inspector ?? false}
      cell={cell}
      open={open}
      begin={objects.total === undefined ? null : begin}
      found={null}
      placeOf={(index) => index}
      remember="object"
      selected={(one) => {
        if (one !== null && panels.inspector === null) showPanel('inspector', true)
      }}
    >
      {(around) => (
        <>
          {panels.inspector && (
            <ObjectInspector
              object={around.one === null ? undefined : around.focused}
              chosen={around.chosen}
              list={list}
              named={named}
            />
          )}
          {around.chosen > 0 && (
            <SelectionBar
              kind="objects"
              list={list}
              byQuery={around.selection.all}
              what={() => chosenObjects(list, around.selection)}
              one={
                around.one !== null && around.focused?.object_id
                  ? `object = ${around.focused.object_id}`
                  : null
              }
              chosen={around.chosen}
              total={around.total}
              clear={around.clear}
              selectAll={around.selectAll}
            />
          )}
          {around.previewed && around.focused && (
            <Preview
              image={around.focused.image}
              marks={rowMarks(around.focused.boxes, named)}
              picking={around.picking}
              focus={around.selection.focus}
              total={around.total}
              close={around.closePreview}
            />
          )}
        </>
      )}
    </Listing>
  )
}
