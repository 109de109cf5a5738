import { ActionIcon } from '@mantine/core'
import { IconEye, IconEyeOff, IconLock, IconLockOpen } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { KeyCaps } from '../../ui/KeyCaps'
import type { ActionContext } from '../canvas/actions/action'
import { performClass } from '../canvas/actions/list'
import { useEditor } from '../canvas/useEditor'
import classes from './ClassList.module.css'
import panel from './SidePanel.module.css'

type Props = { context: ActionContext; classes: DatasetClass[]; keyOfClass: ReadonlyMap<number, string> }

/** The classes with their keys: press one to relabel or to draw with it, hide those that are in the way. */
export function ClassList({ context, classes: all, keyOfClass }: Props) {
  const { t } = useTranslation('label')
  const { editor } = context
  const active = useEditor(editor, (state) => state.activeClass)
  const hidden = useEditor(editor, (state) => state.look.hiddenClasses)
  const locked = useEditor(editor, (state) => state.locks.classes)
  const toggle = (id: number) => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    editor.setLook({ hiddenClasses: next })
  }
  return (
    <section className={panel.part} style={{ flex: '0 1 auto', minHeight: 148, maxHeight: '38%' }}>
      <header>
        <h2>{t('classes')}</h2>
      </header>
      <ul className={panel.list}>
        {all.map((one) => (
          <li key={one.id} className={classes.item} data-hidden={hidden.has(one.id) || undefined}>
            <button
              type="button"
              className={panel.row}
              aria-pressed={one.id === active}
              onClick={() => performClass(one.id, context)}
            >
              <span className={panel.grow}>
                <ClassName of={one} />
              </span>
              {keyOfClass.has(one.id) && <KeyCaps keys={keyOfClass.get(one.id) ?? ''} />}
            </button>
            <ActionIcon
              className={classes.eye}
              data-on={locked.has(one.id) || undefined}
              aria-label={t(locked.has(one.id) ? 'unlockClass' : 'lockClass', { name: one.name })}
              aria-pressed={locked.has(one.id)}
              onClick={() => editor.lockClass(one.id)}
            >
              {locked.has(one.id) ? <IconLock size={15} /> : <IconLockOpen size={15} />}
            </ActionIcon>
            <ActionIcon
              className={classes.eye}
              aria-label={t(hidden.has(one.id) ? 'showClass' : 'hideClass', { name: one.name })}
              aria-pressed={hidden.has(one.id)}
              onClick={() => toggle(one.id)}
            >
              {hidden.has(one.id) ? <IconEyeOff size={15} /> : <IconEye size={15} />}
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  )
}
