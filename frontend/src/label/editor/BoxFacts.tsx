import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { boxHeight, boxWidth } from '../../canvas/box'
import { type FinerShape, ringsOf } from '../../canvas/shape'
import { count } from '../../ui/format'
import type { ActionContext } from '../canvas/actions/action'
import type { LabelBox } from '../canvas/content'
import { toggledAll } from '../canvas/locks'
import { heightOf, toBack, toFront } from '../canvas/order'
import { useEditor } from '../canvas/useEditor'
import classes from './BoxFacts.module.css'
import { Simplify } from './Simplify'

type Props = { context: ActionContext; named: ReadonlyMap<number, DatasetClass> }

/** All that is known of the selected box, as text: nothing of it is to be had by hovering alone. */
export function BoxFacts({ context: { editor }, named }: Props) {
  const { t } = useTranslation('label')
  const selection = useEditor(editor, (state) => state.selection)
  const content = useEditor(editor, (state) => state.document.now)
  const locks = useEditor(editor, (state) => state.locks)
  const hidden = useEditor(editor, (state) => state.hidden)
  const [only, ...others] = selection
  const box = others.length === 0 ? editor.box(only) : undefined
  if (selection.length === 0 || !content) return null
  const locked = selection.every((id) => locks.boxes.has(id))
  const gone = selection.every((id) => hidden.has(id))
  const byClass = box && locks.classes.has(box.class_id)
  const buttons = {
    [locked ? 'unlock' : 'lock']: () => editor.lockBoxes(selection),
    [gone ? 'show' : 'hide']: () => editor.setHidden(toggledAll(hidden, selection)),
    front: () => editor.commit('order', toFront(selection)),
    back: () => editor.commit('order', toBack(selection)),
  }
  return (
    <div className={classes.facts}>
      <p className="hd-dim">
        {box
          ? [
              named.get(box.class_id)?.name ?? `#${box.class_id}`,
              ...factsOf(box, t),
              ...(byClass ? [t('lockedClass')] : locked ? [t('locked')] : []),
              ...(gone ? [t('hidden')] : []),
            ].join(' · ')
          : t('selectedBoxes', { count: selection.length, n: count(selection.length) })}
      </p>
      <div className={classes.buttons}>
        {Object.entries(buttons).map(([id, perform]) => (
          <Button key={id} size="compact-xs" onClick={perform}>
            {t(`facts.${id}`)}
          </Button>
        ))}
      </div>
      {box?.shape?.kind === 'polygon' && !locked && !byClass && (
        <Simplify key={box.id} editor={editor} id={box.id} shape={box.shape} />
      )}
    </div>
  )
}

/** Size and place in image pixels, who it is by, whether it counts, how high it lies. */
function factsOf(box: LabelBox, t: TFunction<'label'>): string[] {
  const [x, y] = box.box.map(Math.round)
  const size = { width: Math.round(boxWidth(box.box)), height: Math.round(boxHeight(box.box)) }
  return [
    t('facts.size', { ...size, x, y }),
    ...(box.shape ? [shapeFact(box.shape, t)] : []),
    t(`provenance.${box.provenance}`),
    ...(box.ignore === 'no' ? [] : [t(`ignored.${box.ignore}`)]),
    ...(heightOf(box) === 0 ? [] : [t('facts.height', { height: heightOf(box) })]),
  ]
}

function shapeFact(shape: FinerShape, t: TFunction<'label'>): string {
  if (shape.kind === 'mask') return t('facts.mask')
  if (shape.kind === 'turned') return t('facts.turned', { angle: Math.round(shape.angle * 10) / 10 })
  return t('facts.polygon', { count: ringsOf(shape).reduce((sum, ring) => sum + ring.length, 0) })
}
