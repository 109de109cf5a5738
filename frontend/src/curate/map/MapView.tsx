import { useComputedColorScheme } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import type { EmbeddingMap } from '../../api/types'
import { useActions } from '../../ui/actions'
import { OffButton } from '../../ui/OffButton'
import { idsQuery } from '../grid/queries'
import { SelectionBar } from '../grid/SelectionBar'
import { useImageList } from '../grid/useImages'
import type { MapCore, Tool } from './core'
import { GroupName, Legend } from './Legend'
import * as lassos from './lasso'
import { colourOf, lookOf } from './look'
import { MapCanvas } from './MapCanvas'
import classes from './MapPage.module.css'
import { coloursQuery } from './queries'
import { Tools } from './Tools'
import type { MapSearch, SetMapSearch } from './useMapSearch'
import * as views from './view'

type Props = { dataset: number; map: EmbeddingMap; search: MapSearch; set: SetMapSearch }

/** Milliseconds after the last move until the address follows. */
const REST_MS = 250
/** Of the lasso: the accent, dark enough to show on the light ground. */
const LINE = { dark: '#f0d04a', light: '#7a6200' } as const
const STEP = 60
const ZOOM = 1.35

/** Canvas, legend and selection bar of one map. */
export function MapView({ dataset, map, search, set }: Props) {
  const { t } = useTranslation('curate/map')
  const navigate = useNavigate()
  const core = useRef<MapCore>(null)
  const [view, setView] = useRestingView(search.view, set)
  const [tool, setTool] = useState<Tool>('move')
  const [lifted, setLifted] = useState<number | null>(null)
  const scheme = useComputedColorScheme('dark')
  const colours = useQuery(coloursQuery(dataset, map.id, search.by)).data
  const meant = useMeant(dataset, search.q, map)
  const corners = search.lasso
  const line = corners && lassos.written(corners)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `line` is the corners as a value
  const inside = useMemo(() => corners && lassos.inside(map, corners), [map, line])
  const look = useMemo(
    () => lookOf({ count: map.image_ids.length, colours, meant, inside, lifted, scheme }),
    [map, colours, meant, inside, lifted, scheme],
  )
  const scene = useMemo(
    () => ({
      points: map,
      inks: look.inks,
      rank: look.rank,
      lasso: corners,
      view,
      tool,
      line: LINE[scheme],
    }),
    [map, look, corners, view, tool, scheme],
  )
  const list = useImageList({
    dataset,
    q: corners ? lassos.lassoQuery(search.q, corners, map.id) : search.q,
    order: 'id',
    evaluation: null,
    predictionSet: null,
  })
  const draw = (drawn: lassos.Corner[] | null) =>
    set(drawn ? { lasso: lassos.written(drawn), map: map.id } : { lasso: undefined, map: undefined })
  const open = (point: number) =>
    void navigate({
      to: '/datasets/$datasetId/images/$imageId',
      params: { datasetId: String(dataset), imageId: String(map.image_ids[point]) },
    })
  const openGrid = () =>
    void navigate({
      to: '/datasets/$datasetId',
      params: { datasetId: String(dataset) },
      search: { q: list.q },
    })
  useMapActions({ core, view, setView, setTool, draw, open })
  return (
    <>
      <MapCanvas
        core={core}
        scene={scene}
        label={t('label', { count: map.image_ids.length })}
        hear={{ view: setView, lasso: draw, open }}
        card={(point) => {
          const place = colours?.of[point] ?? -1
          const group = colours?.groups[place]
          return (
            <>
              <img src={address(`images/${map.image_ids[point]!}/thumbnail`, { size: 320 })} alt="" />
              <p>
                <span className={classes.dot} style={{ background: colourOf(group, place, scheme) }} />
                <GroupName of={group} />
              </p>
            </>
          )
        }}
      />
      <Tools tool={tool} setTool={setTool} whole={() => setView(views.WHOLE)} />
      <Legend colours={colours} lift={setLifted} />
      {corners && (
        <div className={classes.bar}>
          <SelectionBar
            kind="images"
            list={list}
            byQuery
            what={() => ({ q: list.q, evaluation: null, without: [] })}
            chosen={look.selected}
            total={look.selected}
            clear={() => draw(null)}
            selectAll={() => undefined}
          >
            <OffButton
              leftSection={<IconPhoto size={15} />}
              off={look.selected === 0 && t('ui:off.points')}
              onClick={openGrid}
            >
              {t('openGrid')}
            </OffButton>
          </SelectionBar>
        </div>
      )}
    </>
  )
}

/** Where one looks at; the address follows once it rests, and leads when it is changed from outside. */
function useRestingView(asked: views.View, set: SetMapSearch): [views.View, (view: views.View) => void] {
  const [view, setView] = useState(asked)
  const told = useRef(views.written(asked))
  const inAddress = views.written(asked)
  useEffect(() => {
    if (inAddress === told.current) return
    told.current = inAddress
    setView(views.read(inAddress))
  }, [inAddress])
  useEffect(() => {
    const next = views.written(view)
    if (next === told.current) return
    const timer = setTimeout(() => {
      told.current = next
      set({ view: next }, true)
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [view, set])
  return [view, setView]
}

/** Of each point, whether the query line means it; null while it means all. */
function useMeant(dataset: number, q: string, map: EmbeddingMap): Uint8Array | null {
  const ids = useQuery({
    ...idsQuery({ dataset, q, evaluation: null, order: 'id' }),
    enabled: q.trim() !== '',
    placeholderData: (before) => before,
  }).data
  return useMemo(() => {
    if (!q.trim() || !ids) return null
    const wanted = new Set(ids)
    return Uint8Array.from(map.image_ids, (id) => (wanted.has(id) ? 1 : 0))
  }, [q, ids, map])
}

type Acting = {
  core: React.RefObject<MapCore | null>
  view: views.View
  setView: (view: views.View) => void
  setTool: (tool: Tool) => void
  draw: (corners: lassos.Corner[] | null) => void
  open: (point: number) => void
}

/** What the keys do, in the palette and on the shortcut sheet too. */
function useMapActions({ core, view, setView, setTool, draw, open }: Acting): void {
  const { t } = useTranslation('curate/map')
  const group = t('title')
  const walk = (next: views.View) => {
    setView(next)
    requestAnimationFrame(() => requestAnimationFrame(() => core.current?.hoverMiddle()))
  }
  const size = () => core.current?.screen ?? { width: 0, height: 0 }
  const middle = () => ({ x: size().width / 2, y: size().height / 2 })
  const moved = (dx: number, dy: number) => walk(views.movedBy(view, size(), dx, dy))
  const zoomed = (factor: number) => walk(views.zoomedAt(view, size(), middle(), factor))
  const openMiddle = () => {
    const point = core.current?.hoverMiddle() ?? -1
    if (point >= 0) open(point)
  }
  const inSight = () => {
    const { width, height } = size()
    const [left, top] = views.toPlane(view, size(), { x: 0, y: 0 })
    const [right, bottom] = views.toPlane(view, size(), { x: width, y: height })
    // One further at the lower right, where points on the edge would count as outside.
    draw([
      [left, top],
      [right + 1, top],
      [right + 1, bottom + 1],
      [left, bottom + 1],
    ])
  }
  useActions([
    { id: 'map.lasso', label: t('tool.lasso'), group, keys: 'd', perform: () => setTool('lasso') },
    { id: 'map.move', label: t('tool.move'), group, keys: 'v', perform: () => setTool('move') },
    { id: 'map.sight', label: t('action.sight'), group, keys: 'x', perform: inSight },
    { id: 'map.clear', label: t('action.clear'), group, keys: 'escape', perform: () => draw(null) },
    { id: 'map.whole', label: t('action.whole'), group, keys: '0', perform: () => setView(views.WHOLE) },
    { id: 'map.closer', label: t('action.closer'), group, keys: '+', perform: () => zoomed(ZOOM) },
    { id: 'map.farther', label: t('action.farther'), group, keys: '-', perform: () => zoomed(1 / ZOOM) },
    { id: 'map.open', label: t('action.open'), group, keys: 'enter', perform: openMiddle },
    {
      id: 'map.left',
      label: t('action.walk'),
      group,
      keys: 'arrowleft',
      hidden: true,
      perform: () => moved(STEP, 0),
    },
    {
      id: 'map.right',
      label: t('action.walk'),
      group,
      keys: 'arrowright',
      hidden: true,
      perform: () => moved(-STEP, 0),
    },
    {
      id: 'map.up',
      label: t('action.walk'),
      group,
      keys: 'arrowup',
      hidden: true,
      perform: () => moved(0, STEP),
    },
    {
      id: 'map.down',
      label: t('action.walk'),
      group,
      keys: 'arrowdown',
      hidden: true,
      perform: () => moved(0, -STEP),
    },
  ])
}
