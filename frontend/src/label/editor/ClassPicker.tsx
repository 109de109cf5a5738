import { Modal, TextInput } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { KeyCaps } from '../../ui/KeyCaps'
import type { ActionContext } from '../canvas/actions/action'
import { performClass } from '../canvas/actions/list'
import { recentFirst } from '../canvas/classKeys'
import classes from './ClassPicker.module.css'

type Props = {
  classes: DatasetClass[]
  keyOfClass: ReadonlyMap<number, string>
  context: ActionContext
  close: () => void
}

/** The classes used last first. Type a few letters, Enter: the selected boxes, or the next to be drawn, have that class. */
export function ClassPicker({ classes: all, keyOfClass, context, close }: Props) {
  const { t } = useTranslation('label')
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const selected = context.editor.selection.length
  const recent = context.editor.state.recent
  const shown = recentFirst(all, recent).filter((one) =>
    one.name.toLowerCase().includes(text.trim().toLowerCase()),
  )
  const current = shown[Math.min(at, shown.length - 1)]
  const choose = (one: DatasetClass | undefined) => {
    if (one) performClass(one.id, context)
    close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') choose(current)
    else if (step)
      setAt((was) => (Math.min(was, shown.length - 1) + step + shown.length) % Math.max(1, shown.length))
    else return
    event.preventDefault()
  }
  const title = selected > 0 ? t('picker.relabel', { count: selected }) : t('picker.draw')
  return (
    <Modal opened onClose={close} title={title} size={320} yOffset="16vh">
      <TextInput
        value={text}
        placeholder={t('picker.placeholder')}
        aria-label={t('picker.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls="classes"
        aria-activedescendant={current && `class-${current.id}`}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        data-autofocus
      />
      <div id="classes" role="listbox" className={classes.list} aria-label={title}>
        {shown.map((one) => (
          <button
            key={one.id}
            id={`class-${one.id}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={one === current}
            onClick={() => choose(one)}
          >
            <ClassName of={one} />
            {keyOfClass.has(one.id) && <KeyCaps keys={keyOfClass.get(one.id) ?? ''} />}
          </button>
        ))}
        {shown.length === 0 && <p className="hd-dim">{t('picker.none', { text })}</p>}
      </div>
    </Modal>
  )
}
