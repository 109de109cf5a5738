/** Where the picture of an object's cell comes from, and where it stands in the cell. Pure. */

import type { Box } from '../../api/types'
import type { Viewport } from '../../canvas/viewport'

type Size = { readonly width: number; readonly height: number }

/** Pixels of the longer side in which thumbnails, and cut-outs made on the server, can be had. */
const THUMBNAILS = [160, 320, 640] as const
const CUT_OUTS = [160, 320] as const
/** A picture may be drawn so much larger than it is before another is asked for. */
const STRETCH = 1.25

/** An image's thumbnail in this size holds the region sharply enough, or else the server's cut-out in this size does. */
export type Source = { readonly kind: 'thumbnail' | 'crop'; readonly size: number }

/**
 * The least picture that is sharp in a cell of `pixels` device pixels. The thumbnail of the whole image where it is big
 * enough: all objects of an image share it. No picture is sharper than the image itself.
 */
export function sourceOf(region: Box, image: Size, pixels: number): Source {
  const side = Math.max(region[2] - region[0], region[3] - region[1])
  const longer = Math.max(image.width, image.height)
  const needed = Math.min(pixels, side) / STRETCH
  const thumbnail = THUMBNAILS.find((size) => (side * Math.min(size, longer)) / longer >= needed)
  if (thumbnail) return { kind: 'thumbnail', size: thumbnail }
  return { kind: 'crop', size: CUT_OUTS.find((size) => size >= needed) ?? 320 }
}

/** The whole image placed so that the region fills the cell as far as its shape lets it. */
export function placed(region: Box, image: Size, screen: Size): Viewport {
  const [x1, y1, x2, y2] = region
  const scale = Math.min(screen.width / (x2 - x1), screen.height / (y2 - y1))
  const x = (screen.width - (x2 - x1) * scale) / 2 - x1 * scale
  const y = (screen.height - (y2 - y1) * scale) / 2 - y1 * scale
  return { image, screen, scale, x, y }
}

/** The address of a cut-out in a size. */
export const cropAddress = (address: string, size: number): string =>
  `${address}${address.includes('?') ? '&' : '?'}size=${size}`
