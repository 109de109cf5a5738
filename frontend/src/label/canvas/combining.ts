/** Selected objects put together, cut out of one another, turned, and made into another kind of shape. */

import { clipped, type Size } from '../../canvas/box'
import { united, without } from '../../canvas/combine'
import { maskOf, pixelsOfShape } from '../../canvas/pixels'
import { boxAround, type FinerShape, sameShape } from '../../canvas/shape'
import { toMask, toPolygon, toTurned, turnedBox } from '../../canvas/shapeKinds'
import type { LabelBox } from './content'
import type { Change } from './document'

/** A mask with the pixels of others, or without them; null where nothing is left. */
export function withPixels(
  first: FinerShape,
  others: readonly FinerShape[],
  how: 'add' | 'cut',
  image: Size,
): FinerShape | null {
  const pixels = pixelsOfShape(first, image)
  for (const other of others) {
    pixelsOfShape(other, image).forEach((on, at) => {
      if (on) pixels[at] = how === 'add' ? 1 : 0
    })
  }
  return maskOf(pixels, image)
}

/** The first selected object with the others added to it, or cut out of it; those that were added go. */
export function combineBoxes(ids: readonly string[], how: 'add' | 'cut', image: Size): Change {
  return (content) => {
    const chosen = ids.flatMap((id) => content.boxes.find((box) => box.id === id) ?? [])
    const [first, ...others] = chosen
    if (!first || others.length === 0) return content
    const shape = combinedShape(first, others, how, image)
    if (!shape) return content
    const gone = new Set(how === 'add' ? others.map(({ id }) => id) : [])
    const boxes = content.boxes.filter(({ id }) => !gone.has(id))
    return { ...content, boxes: boxes.map((box) => (box === first ? shaped(box, shape, image) : box)) }
  }
}

function combinedShape(
  first: LabelBox,
  others: readonly LabelBox[],
  how: 'add' | 'cut',
  image: Size,
): FinerShape | null {
  if (first.shape?.kind === 'mask') {
    return withPixels(
      first.shape,
      others.map((box) => box.shape ?? toPolygon(box)),
      how,
      image,
    )
  }
  return (how === 'add' ? united : without)(toPolygon(first), ...others.map(toPolygon))
}

export type Kind = FinerShape['kind']

/** Each of the boxes with a shape of that kind; one without pixels stays as it is. */
export function convertBoxes(ids: readonly string[], kind: Kind, image: Size): Change {
  return changeShapes(ids, image, (box) =>
    kind === 'polygon' ? toPolygon(box) : kind === 'turned' ? toTurned(box) : toMask(box, image),
  )
}

/** Boxes and turned boxes about their middles; polygons and masks stay. Degrees, clockwise. */
export function turnBoxes(ids: readonly string[], degrees: number, image: Size): Change {
  return changeShapes(ids, image, (box) => (isTurnable(box) ? turnedBy(box, degrees) : null))
}

export const isTurnable = ({ shape }: LabelBox): boolean => !shape || shape.kind === 'turned'

export function turnedBy(box: LabelBox, degrees: number): FinerShape {
  const { centre, size, angle } = toTurned(box)
  return turnedBox({ x: centre[0], y: centre[1] }, size, angle + degrees)
}

export function changeShapes(
  ids: readonly string[],
  image: Size,
  shapeOf: (box: LabelBox) => FinerShape | null,
): Change {
  const chosen = new Set(ids)
  return (content) => {
    let touched = false
    const boxes = content.boxes.map((box) => {
      const shape = chosen.has(box.id) ? shapeOf(box) : null
      if (!shape || sameShape(shape, box.shape)) return box
      touched = true
      return shaped(box, shape, image)
    })
    return touched ? { ...content, boxes } : content
  }
}

const shaped = (box: LabelBox, shape: FinerShape, image: Size): LabelBox => ({
  ...box,
  shape,
  box: clipped(boxAround(shape, image), image),
  provenance: 'human',
})
