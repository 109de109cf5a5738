export const FORMATS = [
  'auto',
  'coco',
  'yolo',
  'voc',
  'bdd100k',
  'cvat',
  'labelme',
  'openimages',
  'images',
] as const
export type Format = (typeof FORMATS)[number]
