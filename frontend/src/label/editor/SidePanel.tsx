import type { ReactNode } from 'react'
import type { DatasetClass } from '../../api/types'
import type { ActionContext } from '../canvas/actions/action'
import { ClassList } from './ClassList'
import { ObjectsList } from './ObjectsList'
import classes from './SidePanel.module.css'
import { Suggestions } from './Suggestions'

type Props = {
  context: ActionContext
  classes: DatasetClass[]
  named: ReadonlyMap<number, DatasetClass>
  keyOfClass: ReadonlyMap<number, string>
  /** What stands above all. */
  top?: ReactNode
}

/** Suggestions, objects, classes: the same picture in words, for eyes and for screen readers. */
export function SidePanel({ context, classes: all, named, keyOfClass, top }: Props) {
  return (
    <aside className={classes.panel}>
      {top}
      {context.editor.suggestions.length > 0 && <Suggestions context={context} named={named} />}
      <ObjectsList context={context} named={named} />
      <ClassList context={context} classes={all} keyOfClass={keyOfClass} />
    </aside>
  )
}
