import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, Verdict } from '../../api/types'
import { type Action, useActions } from '../../ui/actions'
import type { DecisionQueue } from './queue'

type Keys = {
  decide: (verdict: Verdict, classId?: number) => void
  undo: () => void
  step: (by: number, extend?: boolean) => void
  /** Tiles in a row. */
  across: () => number
  look: () => void
  close: () => void
  open: () => void
  /** Decide all that are shown. */
  all: (verdict: Verdict) => void
  classes: DatasetClass[]
  keyOfClass: ReadonlyMap<number, string>
  queue: DecisionQueue
}

/** Everything that can be done in the grid, for keys, palette and the sheet of shortcuts. */
export function useDecideKeys(of: Keys): void {
  const { t } = useTranslation('label/decide')
  const group = t('title')
  const nothing = useSyncExternalStore(of.queue.subscribe, () => of.queue.state.steps === 0)
  const plain: Action[] = [
    { id: 'decide.accept', label: t('key.accept'), keys: 'a', perform: () => of.decide('accepted') },
    { id: 'decide.reject', label: t('key.reject'), keys: 'r', perform: () => of.decide('rejected') },
    { id: 'decide.undo', label: t('key.undo'), keys: 'u', disabled: nothing, perform: of.undo },
    { id: 'decide.undo2', label: t('key.undo'), keys: 'mod+z', hidden: true, perform: of.undo },
    { id: 'decide.look', label: t('key.look'), keys: 'space', perform: of.look },
    { id: 'decide.open', label: t('key.open'), keys: 'enter', perform: of.open },
    { id: 'decide.close', label: t('key.close'), keys: 'escape', hidden: true, perform: of.close },
    { id: 'decide.all', label: t('key.acceptAll'), keys: 'shift+a', perform: () => of.all('accepted') },
    { id: 'decide.none', label: t('key.rejectAll'), keys: 'shift+r', perform: () => of.all('rejected') },
  ]
  const classes: Action[] = of.classes.map((one) => ({
    id: `decide.class.${one.id}`,
    label: t('key.class', { name: one.name }),
    keys: of.keyOfClass.get(one.id),
    perform: () => of.decide('corrected', one.id),
  }))
  const arrows = (['arrowright', 'arrowleft', 'arrowdown', 'arrowup'] as const).flatMap((key): Action[] => {
    const by = () =>
      (key === 'arrowright' || key === 'arrowdown' ? 1 : -1) *
      (key === 'arrowdown' || key === 'arrowup' ? of.across() : 1)
    const label = t(`key.${key}`)
    return [
      { id: `decide.${key}`, label, keys: key, hidden: true, perform: () => of.step(by()) },
      {
        id: `decide.more.${key}`,
        label: t('key.extend', { way: label }),
        keys: `shift+${key}`,
        hidden: true,
        perform: () => of.step(by(), true),
      },
    ]
  })
  useActions([...plain, ...classes, ...arrows].map((action) => ({ group, ...action })))
}
