import type { Annotation, DatasetClass } from '../../api/types'
import type { Mark } from '../../canvas/marks'

/** The labels of an image as marks in the colours of their classes. */
export function annotationMarks(
  annotations: readonly Annotation[],
  classes: ReadonlyMap<number, Pick<DatasetClass, 'name' | 'colour'>>,
): Mark[] {
  return annotations.map(({ id, class_id, box, shape, ignore }) => {
    const look = classes.get(class_id)
    return {
      key: `a${id}`,
      box,
      shape,
      colour: look?.colour ?? '#9a9a96',
      name: look?.name ?? `#${class_id}`,
      stroke: 'solid',
      hatched: ignore !== 'no',
    }
  })
}
