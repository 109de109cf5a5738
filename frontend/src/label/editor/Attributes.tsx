import { ActionIcon, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Choices, type Option } from '../../ui/Choices'
import { KeyCaps } from '../../ui/KeyCaps'
import {
  isTaken,
  type Line,
  lastGiven,
  linesOf,
  missingOf,
  READ_ONLY,
  setAttribute,
} from '../canvas/attributes'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import classes from './Attributes.module.css'
import { backToStage } from './places'
import panel from './SidePanel.module.css'

/** From so many values on a choice is a list with a search, not buttons. */
const MOST_BUTTONS = 12

/** What the selected boxes carry: asked by the schema, or free. Keys: `q` comes here, Tab goes on, Enter goes back. */
export function Attributes({ editor }: { editor: Editor }) {
  const { t } = useTranslation('label')
  const boxes = useEditor(editor, (state) => state.document.now.boxes)
  const selection = useEditor(editor, (state) => state.selection)
  const selected = boxes.filter((box) => selection.includes(box.id))
  const lines = linesOf(editor.schema, selected)
  if (lines.length === 0) return null
  const missing = new Set(selected.flatMap((box) => missingOf(editor.schema, box)))
  const onKeyDown = (event: KeyboardEvent) => {
    const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z'
    if (undo && event.shiftKey) editor.redo()
    else if (undo) editor.undo()
    else if (event.key === 'Enter' || event.key === 'Escape') backToStage()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section
      className={panel.part}
      style={{ flex: 'none' }}
      data-own-keys
      data-attributes
      aria-label={t('attribute.title')}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2>{t('attribute.title')}</h2>
        <KeyCaps keys="q" />
      </header>
      <div className={classes.lines}>
        {lines.map((line) => (
          <AttributeLine
            key={`${line.name} ${selection.join()}`}
            line={line}
            ids={selection}
            editor={editor}
            missing={missing.has(line.name)}
          />
        ))}
      </div>
    </section>
  )
}

type LineProps = { line: Line; ids: readonly string[]; editor: Editor; missing: boolean }

function AttributeLine({ line, ids, editor, missing }: LineProps) {
  const { t } = useTranslation('label')
  const { name, attribute, value, mixed } = line
  const set = (next: unknown) => {
    editor.commit('attributes', setAttribute(ids, name, next))
    if (attribute && next !== undefined) lastGiven.set(attribute.id, next)
  }
  const refused = attribute && !mixed && !isTaken(attribute, value)
  return (
    <div className={classes.line} data-missing={missing || undefined}>
      <div className={classes.name}>
        <span>{name}</span>
        {attribute?.unit && <span>{attribute.unit}</span>}
        {!attribute && <span>{t('attribute.free')}</span>}
        {mixed && <span>{t('attribute.mixed')}</span>}
        {missing && <span className={classes.said}>{t('attribute.required')}</span>}
        {refused && <span className={classes.said}>{t('attribute.notTaken', { value: String(value) })}</span>}
        {!READ_ONLY.has(name) && (value !== undefined || mixed) && (
          <ActionIcon
            size={18}
            tabIndex={-1}
            aria-label={t('attribute.remove', { name })}
            onClick={() => set(undefined)}
          >
            <IconX size={13} />
          </ActionIcon>
        )}
      </div>
      <Control line={line} set={set} />
    </div>
  )
}

type ControlProps = { line: Line; set: (value: unknown) => void }

/** How a value is given: by what the schema says, or where it is free by what the value is. */
function Control({ line, set }: ControlProps) {
  const { t } = useTranslation('label')
  const { name, attribute, value } = line
  const kind = attribute?.kind ?? kindOf(value)
  if (READ_ONLY.has(name) || kind === 'other') return <code className="hd-dim">{JSON.stringify(value)}</code>
  if (kind === 'checkbox') {
    const options: Option<unknown>[] = [
      { value: true, text: t('attribute.yes') },
      { value: false, text: t('attribute.no') },
    ]
    return <Choices label={name} options={options} value={value} choose={set} />
  }
  if (kind === 'choice' && attribute) {
    const options: Option<unknown>[] = attribute.values.map((one) => ({ value: one, text: String(one) }))
    return options.length > MOST_BUTTONS ? (
      <ManyChoices label={name} options={options} value={value} choose={set} />
    ) : (
      <Choices label={name} options={options} value={value} choose={set} />
    )
  }
  return <Field line={line} number={kind === 'number'} set={set} />
}

function kindOf(value: unknown): 'checkbox' | 'number' | 'text' | 'other' {
  if (typeof value === 'boolean') return 'checkbox'
  if (typeof value === 'number') return 'number'
  return value === null || typeof value === 'object' ? 'other' : 'text'
}

type ManyProps = {
  label: string
  options: readonly Option<unknown>[]
  value: unknown
  choose: (value: unknown) => void
}

function ManyChoices({ label, options, value, choose }: ManyProps) {
  const [open, setOpen] = useState(false)
  return (
    <Select
      size="xs"
      searchable
      aria-label={label}
      data-control
      data={options.map((one) => one.text)}
      value={options.find((one) => one.value === value)?.text ?? null}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onKeyDown={(event) => open && event.key === 'Enter' && event.stopPropagation()}
      onChange={(text) => choose(options.find((one) => one.text === text)?.value)}
    />
  )
}

/** A number or a text: kept by Enter or by leaving it, put back by Escape. */
function Field({ line: { name, attribute, value }, number, set }: ControlProps & { number: boolean }) {
  const { t } = useTranslation('label')
  const stated = value === undefined || value === null ? '' : String(value)
  const [text, setText] = useState<string | null>(null)
  const typed = text ?? stated
  const next = typed.trim() === '' ? undefined : number ? Number(typed) : typed
  const wrong =
    number && next !== undefined && (!Number.isFinite(next) || (attribute && !isTaken(attribute, next)))
  const keep = () => {
    if (text === null || wrong) return
    if (next !== value) set(next)
    setText(null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setText(null)
    if (event.key === 'Enter' && wrong) event.stopPropagation()
    else if (event.key === 'Enter') keep()
  }
  return (
    <TextInput
      size="xs"
      aria-label={name}
      data-control
      inputMode={number ? 'decimal' : undefined}
      value={typed}
      error={wrong ? rangeOf(attribute, t) : undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  )
}

function rangeOf(attribute: Line['attribute'], t: ReturnType<typeof useTranslation<'label'>>['t']): string {
  const { minimum: low, maximum: high } = attribute ?? {}
  if (low != null && high != null) return t('attribute.between', { low, high })
  if (low != null) return t('attribute.least', { low })
  return high != null ? t('attribute.most', { high }) : t('attribute.aNumber')
}
