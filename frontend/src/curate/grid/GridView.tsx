import { Button } from '@mantine/core'
import { IconPhotoPlus, IconPhotoSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClasses } from '../../dataset/queries'
import { EmptyState } from '../../ui/EmptyState'
import { ProblemNote } from '../../ui/ProblemNote'
import { Grid } from './Grid'
import classes from './GridPage.module.css'
import { Inspector } from './Inspector'
import { aspectOf, layoutOf } from './layout'
import { Preview } from './Preview'
import { PAGE_SIZE } from './pages'
import type { PanelName, Panels } from './panels'
import type { ImageList } from './queries'
import { SelectionBar } from './SelectionBar'
import { countOf, onlyOne } from './selection'
import type { GridSearch, SetSearch } from './useGridSearch'
import { useImages } from './useImages'
import { usePicking } from './usePicking'
import { useWidth } from './useWidth'

type Props = {
  list: ImageList
  search: GridSearch
  setSearch: SetSearch
  panels: Panels
  showPanel: (name: PanelName, shown: boolean) => void
}

/** Grid, inspector and selection bar of one list. */
export function GridView({ list, search, setSearch, panels, showPanel }: Props) {
  const images = useImages(list)
  const named = useClasses(list.dataset)
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  const [previewed, setPreviewed] = useState(false)
  const aspect = useAspect(images)
  const layout = useMemo(
    () => layoutOf({ width: width - SIDES, size: search.size, aspect, count: images.total ?? PAGE_SIZE }),
    [width, search.size, aspect, images.total],
  )
  const { selection, picking, clear, selectAll } = usePicking(list, images, search, setSearch, setPreviewed)
  const chosen = countOf(selection, images.total ?? 0)
  const one = onlyOne(selection)
  const stable = useStable(named)
  const first = panels.inspector === null && one !== null
  useEffect(() => {
    if (first) showPanel('inspector', true)
  }, [first, showPanel])
  if (images.error)
    return <BadList error={images.error} clear={() => setSearch({ q: '' })} hasQuery={list.q !== ''} />
  if (images.total === 0) return <NoImages list={list} clear={() => setSearch({ q: '' })} />
  const focused = images.imageAt(selection.focus)
  return (
    <div className={classes.view} data-inspector={panels.inspector || undefined}>
      <div ref={place} className={classes.grid}>
        {width > 0 && (
          <Grid
            layout={layout}
            images={{ ...images, total: images.total ?? PAGE_SIZE }}
            selection={selection}
            picking={picking}
            named={stable}
          />
        )}
      </div>
      {panels.inspector && (
        <Inspector image={one} chosen={chosen} dataset={list.dataset} evaluation={list.evaluation} />
      )}
      {chosen > 0 && (
        <SelectionBar
          list={list}
          selection={selection}
          chosen={chosen}
          total={images.total ?? 0}
          clear={clear}
          selectAll={selectAll}
        />
      )}
      {previewed && focused && (
        <Preview
          image={focused}
          named={stable}
          picking={picking}
          focus={selection.focus}
          total={images.total ?? 0}
          close={() => setPreviewed(false)}
        />
      )}
    </div>
  )
}

/** Padding of the scroller and the scroll bar's room, CSS pixels. */
const SIDES = 8 + 11

/** Settled by the first images that come, so that nothing jumps later. */
function useAspect(images: ReturnType<typeof useImages>): number {
  const settled = useRef<number | null>(null)
  const first = Array.from({ length: 24 }, (_, index) => images.imageAt(index)).filter(
    (one) => one !== undefined,
  )
  if (settled.current === null && first.length > 0) settled.current = aspectOf(first)
  return settled.current ?? 16 / 10
}

/** The same map as long as it holds the same classes: cells are drawn again only when theirs changed. */
function useStable<K, V>(map: Map<K, V>): Map<K, V> {
  const kept = useRef(map)
  const same =
    map.size === kept.current.size && [...map].every(([key, value]) => kept.current.get(key) === value)
  if (!same) kept.current = map
  return kept.current
}

function NoImages({ list, clear }: { list: ImageList; clear: () => void }) {
  const { t } = useTranslation('curate/grid')
  if (list.q) {
    return (
      <EmptyState
        icon={<IconPhotoSearch size={30} stroke={1.4} />}
        title={t('noMatch.title')}
        action={
          <Button variant="filled" onClick={clear}>
            {t('noMatch.clear')}
          </Button>
        }
      >
        {t('noMatch.text')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconPhotoPlus size={30} stroke={1.4} />}
      title={t('noImages.title')}
      action={
        <Button variant="filled" component={Link} to={`/datasets/${list.dataset}/imports`}>
          {t('noImages.import')}
        </Button>
      }
    >
      {t('noImages.text')}
    </EmptyState>
  )
}

function BadList({ error, clear, hasQuery }: { error: unknown; clear: () => void; hasQuery: boolean }) {
  const { t } = useTranslation('curate/grid')
  return (
    <div style={{ padding: 18 }}>
      <ProblemNote error={error} />
      {hasQuery && (
        <Button mt={12} onClick={clear}>
          {t('noMatch.clear')}
        </Button>
      )}
    </div>
  )
}
