import { TextInput } from '@mantine/core'
import { IconRobot, IconTexture, IconUser } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { boxHeight, boxWidth } from '../../canvas/box'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import type { ActionContext } from '../canvas/actions/action'
import type { LabelBox } from '../canvas/content'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import panel from './SidePanel.module.css'

type Props = { context: ActionContext; named: ReadonlyMap<number, DatasetClass> }

/** From so many boxes on, a field to filter them is worth its place. */
const FILTER_FROM = 12

/** Every box in words. Arrow keys walk, Enter zooms; what is selected here is selected on the canvas and back. */
export function ObjectsList({ context: { editor }, named }: Props) {
  const { t } = useTranslation('label')
  const boxes = useEditor(editor, (state) => state.document.now.boxes)
  const selection = useEditor(editor, (state) => state.selection)
  const [filter, setFilter] = useState('')
  const nameOf = (box: LabelBox) => named.get(box.class_id)?.name ?? ''
  const shown = boxes.filter((box) => nameOf(box).toLowerCase().includes(filter.trim().toLowerCase()))
  const focusable = shown.find((box) => selection.includes(box.id)) ?? shown[0]
  return (
    <section className={panel.part} style={{ flex: '1 1 160px' }}>
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
        id="objects"
        role="listbox"
        tabIndex={-1}
        aria-multiselectable
        aria-labelledby="objects-title"
        className={panel.list}
        onKeyDown={(event) => walk(event, shown, editor)}
      >
        {shown.map((box) => (
          <ObjectRow
            key={box.id}
            {...{ box, editor }}
            of={named.get(box.class_id)}
            focusable={box === focusable}
          />
        ))}
      </div>
    </section>
  )
}

type RowProps = { box: LabelBox; editor: Editor; of: DatasetClass | undefined; focusable: boolean }

function ObjectRow({ box, editor, of, focusable }: RowProps) {
  const { t } = useTranslation('label')
  const row = useRef<HTMLDivElement>(null)
  const selected = useEditor(editor, (state) => state.selection.includes(box.id))
  const hovered = useEditor(editor, (state) => state.hover === box.id)
  const width = Math.round(boxWidth(box.box))
  const height = Math.round(boxHeight(box.box))
  const label = [
    t('objectLabel', { name: of?.name, width, height, by: t(`provenance.${box.provenance}`) }),
    ...(box.ignore === 'no' ? [] : [t(`ignored.${box.ignore}`)]),
  ].join(', ')
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <div
      ref={row}
      data-box={box.id}
      role="option"
      className={panel.row}
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
      {box.ignore !== 'no' && (
        <span title={t(`ignored.${box.ignore}`)} style={{ display: 'inline-flex' }}>
          <IconTexture size={14} stroke={1.6} color="var(--hd-dim)" aria-hidden />
        </span>
      )}
      <Provenance of={box.provenance} />
    </div>
  )
}

/** Nothing for what was imported: that is the rule, and only what differs needs a sign. */
function Provenance({ of }: { of: LabelBox['provenance'] }) {
  const { t } = useTranslation('label')
  const Icon = of === 'human' ? IconUser : of === 'model' ? IconRobot : null
  return (
    <span style={{ width: 14, display: 'inline-flex' }} title={t(`provenance.${of}`)}>
      {Icon && <Icon size={14} stroke={1.6} color="var(--hd-dim)" aria-hidden />}
    </span>
  )
}

function walk(event: KeyboardEvent<HTMLElement>, shown: readonly LabelBox[], editor: Editor): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const at = shown.findIndex((box) => editor.selection.includes(box.id))
  const next = shown[Math.min(Math.max(0, at + step), shown.length - 1)]
  if (!next) return
  editor.reveal(next.id)
  event.currentTarget.querySelector<HTMLElement>(`[data-box="${next.id}"]`)?.focus()
}
