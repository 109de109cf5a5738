import { Slider } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { boxAround, type Polygon } from '../../canvas/shape'
import { pointsOf, simplifiedPolygon } from '../../canvas/shapeKinds'
import { OffButton } from '../../ui/OffButton'
import { setShape } from '../canvas/boxShapes'
import type { Editor } from '../canvas/editor'
import classes from './Simplify.module.css'

/** Pixels by which an outline may lie off the one that was. */
const MOST = 10
const STEP = 0.25

/** A polygon with fewer points: the canvas shows what a tolerance would leave, before it is done. */
export function Simplify({ editor, id, shape }: { editor: Editor; id: string; shape: Polygon }) {
  const { t } = useTranslation('label')
  const [tolerance, setTolerance] = useState(0)
  const simpler = tolerance > 0 ? simplifiedPolygon(shape, tolerance) : shape
  useEffect(() => {
    if (tolerance === 0) return
    const box = boxAround(simpler, editor.image)
    editor.showPreview({ boxes: new Map([[id, box]]), shape: simpler, marquee: null, focus: null })
    return () => editor.showPreview(null)
  }, [editor, id, simpler, tolerance])
  const apply = () => {
    editor.commit('reshape', setShape(id, simpler, editor.image))
    setTolerance(0)
  }
  return (
    <div className={classes.simplify}>
      <span>{t('simplify.title')}</span>
      <Slider
        className={classes.slider}
        size="sm"
        min={0}
        max={MOST}
        step={STEP}
        value={tolerance}
        onChange={setTolerance}
        thumbLabel={t('simplify.tolerance')}
        label={(value) => t('simplify.pixels', { value })}
      />
      <span className="hd-num">{t('simplify.points', { count: pointsOf(simpler) })}</span>
      <OffButton size="compact-xs" onClick={apply} off={tolerance === 0 && t('ui:off.tolerance')}>
        {t('simplify.apply')}
      </OffButton>
    </div>
  )
}
