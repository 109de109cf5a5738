import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions } from '../../ui/actions'
import { toastProblem } from '../../ui/toast'
import type { Picking } from './Grid'
import { sizeAfter } from './layout'
import { type ImageList, idsQuery } from './queries'
import {
  extendTo,
  focusOn,
  hasGap,
  NOTHING,
  type Selection,
  selectAll,
  selectOnly,
  toggle,
} from './selection'
import type { GridSearch, SetSearch } from './useGridSearch'
import type { Images } from './useImages'

type Result = { selection: Selection; picking: Picking; clear: () => void; selectAll: () => void }

/** Selecting, opening, previewing: what clicks and keys in the grid mean. */
export function usePicking(
  list: ImageList,
  images: Images,
  search: GridSearch,
  setSearch: SetSearch,
  setPreviewed: (previewed: boolean) => void,
): Result {
  const { t } = useTranslation('curate/grid')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const latest = useRef({ selection, images, search })
  latest.current = { selection, images, search }
  const picking = useMemo<Picking>(() => {
    const idAt = (index: number) => latest.current.images.imageAt(index)?.id
    const extend = async (index: number) => {
      const { selection: was } = latest.current
      if (!hasGap(was, index, idAt)) return setSelection(extendTo(was, index, idAt))
      setSelection(focusOn(was, index))
      const { ids } = await queries.fetchQuery(idsQuery(list))
      setSelection(extendTo(was, index, (at) => ids[at]))
    }
    return {
      pick: (index, how) => {
        const id = idAt(index)
        if (how === 'extend') void extend(index).catch(toastProblem)
        else if (id === undefined) setSelection((was) => focusOn(was, index))
        else setSelection((was) => (how === 'toggle' ? toggle(was, id, index) : selectOnly(id, index)))
      },
      open: (index) => {
        const id = idAt(index)
        const { q, order, evaluation, predictionSet } = list
        if (id === undefined) return
        // Remembered in the address that one leaves, so that "back" comes back to this image.
        void setSearch({ image: id }, true).then(() =>
          navigate({
            to: '/datasets/$datasetId/images/$imageId',
            params: { datasetId: String(list.dataset), imageId: String(id) },
            search: {
              q: q || undefined,
              order: order === 'id' ? undefined : order,
              evaluation: evaluation ?? undefined,
              prediction_set: predictionSet ?? undefined,
            },
          }),
        )
      },
      preview: () => setPreviewed(true),
      clear: () => setSelection(NOTHING),
      resize: (steps) => void setSearch({ size: sizeAfter(latest.current.search.size, steps) }, true),
    }
  }, [list, queries, navigate, setSearch, setPreviewed])
  useReturn(list, search.image, (id, index) => setSelection(selectOnly(id, index)))
  const all = () => setSelection(selectAll)
  const clear = () => setSelection(NOTHING)
  useActions([
    { id: 'grid.all', label: t('action.all'), group: t('images'), keys: 'x', perform: all },
    {
      id: 'grid.all2',
      label: t('action.all'),
      group: t('images'),
      keys: 'mod+a',
      hidden: true,
      perform: all,
    },
    { id: 'grid.clear', label: t('action.clear'), group: t('images'), keys: 'escape', perform: clear },
    {
      id: 'grid.larger',
      label: t('action.larger'),
      group: t('images'),
      keys: '+',
      perform: () => picking.resize(1),
    },
    {
      id: 'grid.smaller',
      label: t('action.smaller'),
      group: t('images'),
      keys: '-',
      perform: () => picking.resize(-1),
    },
    {
      id: 'grid.open',
      label: t('action.open'),
      group: t('images'),
      keys: 'enter',
      bound: false,
      perform: () => picking.open(selection.focus),
    },
    {
      id: 'grid.preview',
      label: t('action.preview'),
      group: t('images'),
      keys: 'space',
      bound: false,
      perform: () => setPreviewed(true),
    },
  ])
  return { selection, picking, clear, selectAll: all }
}

/** Selects the image that the address remembers, wherever in the list it stands. Only once, when one comes. */
function useReturn(list: ImageList, image: number | null, found: (id: number, index: number) => void): void {
  const queries = useQueryClient()
  const wanted = useRef(image)
  const latest = useRef(found)
  latest.current = found
  useEffect(() => {
    const id = wanted.current
    wanted.current = null
    if (id === null) return
    queries.fetchQuery(idsQuery(list)).then(
      ({ ids }) => {
        const index = ids.indexOf(id)
        if (index >= 0) latest.current(id, index)
      },
      () => undefined,
    )
  }, [list, queries])
}
