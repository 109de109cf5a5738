import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SequenceFrames, Task } from '../../api/types'
import { toast, toastProblem } from '../../ui/toast'
import { toastWithUndo } from '../../ui/undo'
import type { TrackHost } from '../canvas/actions/action'
import type { LabelBox } from '../canvas/content'
import { newBoxId } from '../canvas/document'
import { useEditor } from '../canvas/useEditor'
import type { Session } from '../editor/session'
import { TrackDesk } from './desk'
import { carried, patched } from './edits'
import { seenLast, sendFrames, sequenceQuery } from './queries'
import {
  type Frame,
  type FramePatch,
  filled,
  ghostsAt,
  nextTrack,
  trackOf,
  tracksOf,
  withTrack,
} from './track'

/** Boxes on their way to the frame that opens next. */
let arriving: { readonly task: number; readonly boxes: readonly LabelBox[] } | null = null

export type Sequence = {
  readonly data: SequenceFrames
  /** The open frame stands as it is in the editor. */
  readonly frames: readonly Frame[]
  /** Place of the open frame in `frames`. */
  readonly at: number
  readonly host: TrackHost
  goTo(place: number): void
  /** Does something to whole tracks, and offers to take it back. */
  change(build: (frames: readonly Frame[]) => readonly FramePatch[]): void
}

/** The sequence that the open image is a frame of; null where it is of none. */
export function useSequence(task: Task, session: Session): Sequence | null {
  const { t } = useTranslation('label')
  const { editor } = session
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { data } = useQuery({
    ...sequenceQuery(task.batch, task.id),
    enabled: task.image.sequence !== '',
    placeholderData: () => seenLast(task.id),
  })
  const boxes = useEditor(editor, (state) => state.document.now.boxes)
  const desk = useMemo(() => new TrackDesk(task.id, session, portOf(task, queries)), [task, session, queries])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the open frame's boxes are those of the editor
  const frames = useMemo(() => desk.live(data?.frames ?? []), [desk, data, boxes])
  const at = frames.findIndex((frame) => frame.task === task.id)
  const goTo = useCallback(
    (place: number) => {
      const id = data?.frames[place]?.task
      if (id !== undefined) void navigate({ to: '/tasks/$taskId', params: { taskId: String(id) } })
    },
    [data, navigate],
  )
  const takeBack = useCallback(() => desk.takeBack().catch(toastProblem), [desk])
  const change = useCallback(
    (build: (frames: readonly Frame[]) => readonly FramePatch[]) =>
      void desk
        .change(build)
        .then((count) => {
          if (count === null) toast(t('tracks.saveFirst'))
          else if (count === 0) toast(t('tracks.nothing'))
          else toastWithUndo(t('tracks.changed', { count }), t('tracks.takeBack'), takeBack)
        })
        .catch(toastProblem),
    [desk, t, takeBack],
  )
  const length = frames.length
  const host = useMemo<TrackHost | null>(() => {
    if (at < 0 || length < 2) return null
    return {
      hasNext: at < length - 1,
      hasPrevious: at > 0,
      next: () => goTo(at + 1),
      previous: () => goTo(at - 1),
      carry: (all) => {
        const chosen = all || editor.selection.length === 0 ? editor.visibleBoxes() : editor.selectedBoxes()
        const next = data?.frames[at + 1]?.task
        if (next === undefined || chosen.length === 0) return
        arriving = { task: next, boxes: withNumbers(chosen, desk.live(data?.frames ?? []), session) }
        goTo(at + 1)
      },
      fill: () => {
        const chosen = new Set(editor.selectedBoxes().map(trackOf))
        change((now) =>
          tracksOf(now)
            .filter(({ track }) => chosen.size === 0 || chosen.has(track))
            .flatMap(({ track }) => filled(now, track, newBoxId)),
        )
      },
      takeBack: () => void takeBack(),
      get canTakeBack() {
        return desk.canTakeBack
      },
    }
  }, [at, length, data, goTo, editor, session, desk, change, takeBack])
  useArrival(task, session)
  useEffect(() => editor.setGhosts(at < 0 ? [] : ghostsAt(frames, at)), [editor, frames, at])
  return data && host ? { data, frames, at, host, goTo, change } : null
}

/** Boxes that are of no track get one, here and where they are carried to. */
function withNumbers(boxes: readonly LabelBox[], frames: readonly Frame[], { editor }: Session): LabelBox[] {
  let next = nextTrack(frames)
  const numbered = boxes.map((box) => {
    if (trackOf(box) !== null) return box
    next += 1
    return withTrack(box, next - 1)
  })
  const fresh = numbered.filter((box, place) => box !== boxes[place])
  if (fresh.length > 0)
    editor.commit('tracks', (content) => ({
      ...content,
      boxes: patched(content.boxes, { task: 0, put: fresh, remove: [] }),
    }))
  return numbered
}

/** What was carried to this frame: one step, which Undo takes back. */
function useArrival(task: Task, { editor }: Session): void {
  const { t } = useTranslation('label')
  useEffect(() => {
    if (arriving?.task !== task.id) return
    const { put, added, there } = carried(arriving.boxes, editor.content.boxes, newBoxId)
    arriving = null
    if (put.length > 0)
      editor.commit('carry', (content) => ({
        ...content,
        boxes: patched(content.boxes, { task: task.id, put, remove: [] }),
      }))
    editor.select(put.map((box) => box.id))
    toast([t('tracks.carried', { count: added }), there > 0 ? t('tracks.there', { n: there }) : ''].join(' '))
  }, [task.id, editor, t])
}

function portOf(task: Task, queries: ReturnType<typeof useQueryClient>) {
  const forget = (tasks: Iterable<number>) => {
    for (const id of tasks) queries.removeQueries({ queryKey: ['tasks', id], exact: true })
    void queries.invalidateQueries({ queryKey: ['batches', task.batch, 'sequence'] })
  }
  return {
    load: async () =>
      (await queries.fetchQuery({ ...sequenceQuery(task.batch, task.id), staleTime: 0 })).frames,
    send: async (patches: readonly FramePatch[], versions: ReadonlyMap<number, number>) => {
      const saved = await sendFrames(task.batch, patches, versions)
      forget(saved.keys())
      return saved
    },
  }
}
