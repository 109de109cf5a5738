import type { Box, Suggestion } from '../../api/types'

/**
 * The part of an image that shows a suggestion with its surroundings: the union of its boxes, twice as large, at least
 * `least` pixels a side, in the aspect asked for, moved inside the image where that is possible. Pixels, xyxy.
 */
export function viewOf(
  suggestion: Pick<Suggestion, 'given' | 'proposed' | 'image'>,
  aspect: number,
  least = 48,
): Box {
  const { width, height } = suggestion.image
  const boxes = [suggestion.given?.box, suggestion.proposed?.box].filter((box) => box !== undefined)
  if (boxes.length === 0) return [0, 0, width, height]
  const x1 = Math.min(...boxes.map((box) => box[0]))
  const y1 = Math.min(...boxes.map((box) => box[1]))
  const x2 = Math.max(...boxes.map((box) => box[2]))
  const y2 = Math.max(...boxes.map((box) => box[3]))
  const w = Math.min(width, Math.max(2 * (x2 - x1), (2 * (y2 - y1)) / aspect, least))
  const h = Math.min(height, w * aspect)
  const left = clamp((x1 + x2 - w) / 2, 0, width - w)
  const top = clamp((y1 + y2 - h) / 2, 0, height - h)
  return [left, top, left + w, top + h]
}

const clamp = (value: number, low: number, high: number) =>
  Math.min(Math.max(value, low), Math.max(low, high))
