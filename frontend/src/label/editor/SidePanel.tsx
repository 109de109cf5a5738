import type { ReactNode } from 'react'
import type { DatasetClass } from '../../api/types'
import type { ActionContext } from '../canvas/actions/action'
import { Attributes } from './Attributes'
import { ClassList } from './ClassList'
import { ImageLabels } from './ImageLabels'
import type { LabelledImage } from './imageLabels'
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
  /** What stands between boxes and classes. */
  children?: ReactNode
  image: LabelledImage
  dataset: number | undefined
}

/** Suggestions, objects, classes: the same picture in words, for eyes and for screen readers. */
export function SidePanel(props: Props) {
  const { context, classes: all, named, keyOfClass, top, children, image, dataset } = props
  return (
    <aside className={classes.panel}>
      {top}
      {context.editor.suggestions.length > 0 && <Suggestions context={context} named={named} />}
      <Attributes editor={context.editor} />
      <ObjectsList context={context} named={named} />
      {children}
      <ClassList context={context} classes={all} keyOfClass={keyOfClass} />
      <ImageLabels image={image} dataset={dataset} />
    </aside>
  )
}
