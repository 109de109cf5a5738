import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImageRow } from '../../api/types'
import { rowMarks } from '../../canvas/rowMarks'
import { useClasses } from '../../dataset/queries'
import { chosenImages } from './bulk'
import { Cell } from './Cell'
import type { CellProps } from './cellProps'
import { BadList, NoImages } from './Empty'
import { ImageInspector } from './Inspector'
import { Listing } from './Listing'
import { aspectOf } from './layout'
import { Preview } from './Preview'
import type { PanelName, Panels } from './panels'
import { type ImageList, idsQuery } from './queries'
import { SelectionBar } from './SelectionBar'
import type { GridSearch, SetSearch } from './useGridSearch'
import { useImages } from './useImages'
import { useStable } from './useStable'

type Props = {
  list: ImageList
  search: GridSearch
  setSearch: SetSearch
  panels: Panels
  showPanel: (name: PanelName, shown: boolean) => void
}

/** Grid, inspector and selection bar of a list of images. */
export function GridView({ list, search, setSearch, panels, showPanel }: Props) {
  const { t } = useTranslation('curate/grid')
  const images = useImages(list)
  const named = useStable(useClasses(list.dataset))
  const aspect = useAspect(images)
  const places = usePlaces(list, search)
  const open = useOpenImage(list, setSearch)
  const cell = useCallback(
    (image: ImageRow, props: CellProps) => <Cell key={image.id} image={image} named={named} {...props} />,
    [named],
  )
  if (images.error)
    return <BadList error={images.error} clear={() => setSearch({ q: '' })} hasQuery={list.q !== ''} />
  if (images.total === 0) return <NoImages list={list} clear={() => setSearch({ q: '' })} />
  return (
    <Listing
      label={t('images')}
      items={images}
      aspect={aspect}
      search={search}
      setSearch={setSearch}
      inspector={panels.inspector ?? false}
      cell={cell}
      open={(image) => open(image.id)}
      begin={places.begin}
      found={places.found}
      placeOf={(index) => images.itemAt(index)?.id}
      remember="image"
      selected={(one) => {
        if (one !== null && panels.inspector === null) showPanel('inspector', true)
      }}
    >
      {(around) => (
        <>
          {panels.inspector && (
            <ImageInspector
              image={around.one}
              chosen={around.chosen}
              dataset={list.dataset}
              evaluation={list.evaluation}
            />
          )}
          {around.chosen > 0 && (
            <SelectionBar
              kind="images"
              list={list}
              byQuery={around.selection.all}
              what={() => chosenImages(list, around.selection)}
              one={around.one === null ? null : `image = ${around.one}`}
              chosen={around.chosen}
              total={around.total}
              clear={around.clear}
              selectAll={around.selectAll}
            />
          )}
          {around.previewed && around.focused && (
            <Preview
              image={around.focused}
              marks={rowMarks(around.focused.boxes ?? [], named)}
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

/** Settled by the first images that come, so that nothing jumps later. */
function useAspect(images: ReturnType<typeof useImages>): number {
  const settled = useRef<number | null>(null)
  const first = Array.from({ length: 24 }, (_, index) => images.itemAt(index)).filter(
    (one) => one !== undefined,
  )
  if (settled.current === null && first.length > 0) settled.current = aspectOf(first)
  return settled.current ?? 16 / 10
}

type Places = { begin: number | null; found: { id: number; index: number } | null }

/** Where in the list the images stand that the address names: the one to begin at, and the one that was selected. */
function usePlaces(list: ImageList, { at, image }: GridSearch): Places {
  const queries = useQueryClient()
  const wanted = useRef({ at, image })
  const [places, setPlaces] = useState<Places>({ begin: null, found: null })
  useEffect(() => {
    const { at: first, image: selected } = wanted.current
    wanted.current = { at: null, image: null }
    if (first === null && selected === null) return
    queries.fetchQuery(idsQuery(list)).then(
      ({ ids }) => {
        const [begin, index] = [
          first === null ? -1 : ids.indexOf(first),
          selected ? ids.indexOf(selected) : -1,
        ]
        setPlaces({
          begin: begin >= 0 ? begin : null,
          found: selected !== null && index >= 0 ? { id: selected, index } : null,
        })
      },
      () => undefined,
    )
  }, [list, queries])
  return places
}

/** Opens an image's page, from which "back" comes back to it. */
export function useOpenImage(list: ImageList, setSearch: SetSearch): (image: number) => void {
  const navigate = useNavigate()
  return (image) => {
    const { q, order, evaluation, predictionSet } = list
    // Remembered in the address that one leaves, so that "back" comes back to this image.
    void setSearch({ image }, true).then(() =>
      navigate({
        to: '/datasets/$datasetId/images/$imageId',
        params: { datasetId: String(list.dataset), imageId: String(image) },
        search: {
          q: q || undefined,
          order: order === 'id' ? undefined : order,
          evaluation: evaluation ?? undefined,
          prediction_set: predictionSet ?? undefined,
        },
      }),
    )
  }
}
