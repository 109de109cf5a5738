/** A loaded picture's grey values, read when they are first needed. */

import type { Size, Xyxy } from '../../canvas/box'
import type { Grey } from './pictureEdge'
import type { Pixels } from './snap'

/** Lines of pixels that are read along an edge at most; a longer edge is read in steps by the browser's scaling. */
const MOST = 512

/** Reads `source` as an image of `image` pixels. Where the browser forbids it (another origin), there is nothing to read. */
export function pixelsOf(source: CanvasImageSource, image: Size): Pixels {
  let context: CanvasRenderingContext2D | null = null
  return (area) => {
    context ??= scratch()
    return context && cutOut(context, source, area, image)
  }
}

function scratch(): CanvasRenderingContext2D | null {
  const canvas = document.createElement('canvas')
  canvas.width = MOST
  canvas.height = MOST
  return canvas.getContext('2d', { willReadFrequently: true })
}

function cutOut(
  context: CanvasRenderingContext2D,
  source: CanvasImageSource,
  [x1, y1, x2, y2]: Xyxy,
  image: Size,
): Grey | null {
  const [width, height] = [Math.min(x2 - x1, MOST), Math.min(y2 - y1, MOST)]
  if (width < 2 || height < 2) return null
  const { naturalWidth, naturalHeight } = source as HTMLImageElement
  const [fx, fy] = [
    (naturalWidth || image.width) / image.width,
    (naturalHeight || image.height) / image.height,
  ]
  try {
    context.drawImage(source, x1 * fx, y1 * fy, (x2 - x1) * fx, (y2 - y1) * fy, 0, 0, width, height)
    return { x: x1, y: y1, width, height, values: greyOf(context.getImageData(0, 0, width, height).data) }
  } catch {
    return null // The picture lies on another origin, which does not let it be read.
  }
}

/** Rec. 601 luma. */
function greyOf(rgba: Uint8ClampedArray): Float32Array {
  const grey = new Float32Array(rgba.length / 4)
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = 0.299 * (rgba[4 * at] ?? 0) + 0.587 * (rgba[4 * at + 1] ?? 0) + 0.114 * (rgba[4 * at + 2] ?? 0)
  }
  return grey
}
