import { TextInput } from '@mantine/core'
import {
  IconAlertTriangle,
  IconEyeOff,
  IconLock,
  IconRobot,
  IconTexture,
  IconUser,
  IconWaveSine,
} from '@tabler/icons-react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { boxHeight, boxWidth } from '../../canvas/box'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import type { ActionContext } from '../canvas/actions/action'
import { missingOf } from '../canvas/attributes'
import type { LabelBox } from '../canvas/content'
import type { Editor } from '../canvas/editor'
import { isComputed } from '../canvas/keyFrames'
import { useEditor } from '../canvas/useEditor'
import { trackOf } from '../tracks/track'
import { BoxFacts } from './BoxFacts'
import panel from './SidePanel.module.css'
import { type Rows, scrolledTo, visibleRows } from './visibleRows'

type Props = { context: ActionContext; named: ReadonlyMap<number, DatasetClass> }

/** From so many boxes on, a field to filter them is worth its place. */
const FILTER_FROM = 12

/** CSS pixels; the rows are equal, so that ten thousand of them need not all be there. */
const ROW = 26

/** Every box in words. Arrow keys walk, Enter zooms; what is selected here is selected on the canvas and back. */
export function ObjectsList({ context, named }: Props) {
  const { editor } = context
  const { t } = useTranslation('label')
  const boxes = useEditor(editor, (state) => state.document.now.boxes)
  const selection = useEditor(editor, (state) => state.selection)
  const [filter, setFilter] = useState('')
  const shown = useMemo(() => {
    const sought = filter.trim().toLowerCase()
    const nameOf = (box: LabelBox) => named.get(box.class_id)?.name ?? ''
    return sought ? boxes.filter((box) => nameOf(box).toLowerCase().includes(sought)) : boxes
  }, [boxes, filter, named])
  const list = useRef<HTMLDivElement>(null)
  const places = useMemo(() => new Map(shown.map((box, place) => [box.id, place])), [shown])
  const at = places.get(selection[0] ?? '')
  const { first, end } = useRows(list, shown.length, at)
  const focusable = at === undefined || at < first || at >= end ? first : at
  return (
    <section className={panel.part} style={{ flex: '1 0 112px' }}>
      <header>
        <h2 id="objects-title">{t('objects')}</h2>
        <span className="hd-num hd-dim">{count(boxes.length)}</span>
      </header>
      {boxes.length >= FILTER_FROM && (
        <TextInput
          px={10}
          pb={6}
          value={filter}
          placeholder={t('filterObjects')}
          aria-label={t('filterObjects')}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      {boxes.length === 0 && <p className={panel.none}>{t('noObjects')}</p>}
      <div
        ref={list}
        id="objects"
        role="listbox"
        tabIndex={-1}
        aria-multiselectable
        aria-labelledby="objects-title"
        className={panel.list}
        onKeyDown={(event) => walk(event, shown, at ?? -1, editor)}
      >
        <div style={{ height: first * ROW }} aria-hidden />
        {shown.slice(first, end).map((box, index) => (
          <ObjectRow
            key={box.id}
            {...{ box, editor }}
            of={named.get(box.class_id)}
            focusable={first + index === focusable}
            place={first + index}
            total={shown.length}
          />
        ))}
        <div style={{ height: (shown.length - end) * ROW }} aria-hidden />
      </div>
      <BoxFacts context={context} named={named} />
    </section>
  )
}

/** The rows to draw now; the list goes to the selected box (at `place`) when another is selected. */
function useRows(list: RefObject<HTMLDivElement | null>, total: number, place: number | undefined): Rows {
  const [seen, setSeen] = useState({ top: 0, height: 0 })
  useEffect(() => {
    const element = list.current
    if (!element) return
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [list])
  useEffect(() => {
    const element = list.current
    if (!element || place === undefined) return
    element.scrollTop = scrolledTo(place, ROW, element.scrollTop, element.clientHeight)
  }, [list, place])
  return visibleRows(total, ROW, seen.top, seen.height)
}

type RowProps = {
  box: LabelBox
  editor: Editor
  of: DatasetClass | undefined
  focusable: boolean
  place: number
  total: number
}

function ObjectRow({ box, editor, of, focusable, place, total }: RowProps) {
  const { t } = useTranslation('label')
  const selected = useEditor(editor, (state) => state.selection.includes(box.id))
  const hovered = useEditor(editor, (state) => state.hover === box.id)
  const width = Math.round(boxWidth(box.box))
  const height = Math.round(boxHeight(box.box))
  const locked = useEditor(editor, () => editor.isLocked(box))
  const hidden = useEditor(editor, (state) => state.hidden.has(box.id))
  const missing = missingOf(editor.schema, box)
  const lacks = missing.length > 0 ? t('attribute.missing', { names: missing.join(', ') }) : null
  const label = [
    t('objectLabel', { name: of?.name, width, height, by: t(`provenance.${madeBy(box)}`) }),
    ...(box.ignore === 'no' ? [] : [t(`ignored.${box.ignore}`)]),
    ...(locked ? [t('locked')] : []),
    ...(hidden ? [t('hidden')] : []),
    ...(lacks ? [lacks] : []),
  ].join(', ')
  return (
    <div
      data-box={box.id}
      role="option"
      aria-setsize={total}
      aria-posinset={place + 1}
      className={panel.row}
      style={{ height: ROW }}
      tabIndex={focusable ? 0 : -1}
      aria-selected={selected}
      data-hovered={hovered || undefined}
      onClick={(event) =>
        event.shiftKey ? editor.select([...editor.selection, box.id]) : editor.reveal(box.id)
      }
      onKeyDown={(event) => event.key === 'Enter' && editor.reveal(box.id)}
      onPointerEnter={() => editor.setHover(box.id)}
      onPointerLeave={() => editor.setHover(null)}
    >
      <span className="hd-hidden">{label}</span>
      <span className={panel.grow} aria-hidden>
        <ClassName of={of} />
      </span>
      <span className="hd-num hd-faint" aria-hidden>
        {width} × {height}
      </span>
      {lacks && (
        <span title={lacks} style={{ display: 'inline-flex' }} aria-hidden>
          <IconAlertTriangle size={14} stroke={1.6} color="var(--hd-warn)" aria-hidden />
        </span>
      )}
      {box.ignore !== 'no' && (
        <span title={t(`ignored.${box.ignore}`)} style={{ display: 'inline-flex' }} aria-hidden>
          <IconTexture size={14} stroke={1.6} color="var(--hd-dim)" aria-hidden />
        </span>
      )}
      <TrackNumber of={box} />
      {locked && <IconLock size={14} stroke={1.6} color="var(--hd-dim)" aria-hidden />}
      {hidden && <IconEyeOff size={14} stroke={1.6} color="var(--hd-dim)" aria-hidden />}
      <Provenance of={madeBy(box)} />
    </div>
  )
}

/** Who a box is by; one that was computed from the key frames of its track is by nobody. */
const madeBy = (box: LabelBox) => (isComputed(box) ? 'interpolated' : box.provenance)

function TrackNumber({ of }: { of: LabelBox }) {
  const { t } = useTranslation('label')
  const track = trackOf(of)
  if (track === null) return null
  return (
    <span className="hd-num hd-faint" title={t('tracks.number', { track })}>
      #{track}
    </span>
  )
}

/** Nothing for what was imported: that is the rule, and only what differs needs a sign. */
function Provenance({ of }: { of: ReturnType<typeof madeBy> }) {
  const { t } = useTranslation('label')
  const Icon =
    of === 'human' ? IconUser : of === 'model' ? IconRobot : of === 'interpolated' ? IconWaveSine : null
  return (
    <span style={{ width: 14, display: 'inline-flex' }} title={t(`provenance.${of}`)} aria-hidden>
      {Icon && <Icon size={14} stroke={1.6} color="var(--hd-dim)" aria-hidden />}
    </span>
  )
}

function walk(
  event: KeyboardEvent<HTMLElement>,
  shown: readonly LabelBox[],
  at: number,
  editor: Editor,
): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const next = shown[Math.min(Math.max(0, at + step), shown.length - 1)]
  if (!next) return
  const list = event.currentTarget
  editor.reveal(next.id)
  requestAnimationFrame(() => list.querySelector<HTMLElement>(`[data-box="${next.id}"]`)?.focus())
}
