import { queryOptions } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { SequenceFrames } from '../../api/types'
import type { FramePatch } from './track'

/** What was seen last: the frames next to each other are of one sequence, so the strip need not wait. */
let latest: SequenceFrames | null = null

/** The frames of a task's sequence. Below its batch's key, as a save of any frame makes it old. */
export const sequenceQuery = (batch: number, task: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'sequence', task],
    queryFn: async ({ signal }): Promise<SequenceFrames> => {
      latest = await get(`tasks/${task}/sequence`, {}, signal)
      return latest
    },
    gcTime: 0,
  })

export const seenLast = (task: number): SequenceFrames | undefined =>
  latest?.frames.some((frame) => frame.task === task) ? latest : undefined

export async function sendFrames(
  batch: number,
  patches: readonly FramePatch[],
  versions: ReadonlyMap<number, number>,
): Promise<Map<number, number>> {
  const frames = patches.map((patch) => ({ ...patch, version: versions.get(patch.task) ?? 0 }))
  const answer = await post(`batches/${batch}/frames`, { frames })
  return new Map(answer.frames.map((frame) => [frame.task, frame.version]))
}
