/** Orders of the grid's lists, as the API has them. */
export const IMAGE_ORDERS = ['id', '-id', 'key', '-key'] as const
export const OBJECT_ORDERS = ['id', '-id', '-area', 'area'] as const
/** Of objects with verdicts. */
export const JUDGED_ORDERS = ['-score', 'score', '-iou', 'iou'] as const
/** Of images, where the query says to what. */
export const LIKENESS = 'near'

/** The order to ask images in; that of objects says nothing to them. */
export const imageOrder = (order: string) =>
  ([...IMAGE_ORDERS, LIKENESS] as const).find((one) => one === order)

export const objectOrder = (order: string) =>
  ([...OBJECT_ORDERS, ...JUDGED_ORDERS] as const).find((one) => one === order)
