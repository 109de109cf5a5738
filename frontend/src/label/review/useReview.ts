import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, Issue, Task, TaskReview } from '../../api/types'
import type { Xyxy } from '../../canvas/box'
import { zoomedToBox } from '../../canvas/viewport'
import { useMay } from '../../dataset/useMay'
import { toast, toastProblem } from '../../ui/toast'
import type { ReviewHost } from '../canvas/actions/action'
import type { LabelBox } from '../canvas/content'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import type { Session } from '../editor/session'
import { type BoxChange, changesOf, stepTo } from './changes'
import { decideReview, nextReview, reviewQuery, useIssues, type VerdictBody } from './queries'
import { useHold } from './useHold'
import { useSays } from './useSays'

/** Against which boxes changes are shown: those that the work started from, or those last sent back. */
export type Against = 'start' | 'sent_back'
export type ReviewDialog = 'issue' | 'send_back' | 'pass' | null

/** All that the editor knows and does about a task's review. */
export type Review = {
  readonly data: TaskReview
  readonly changes: readonly BoxChange[]
  readonly against: Against
  readonly change: string | null
  readonly looked: ReadonlySet<string>
  readonly issue: number | null
  readonly dialog: ReviewDialog
  /** The batch asks for review. */
  readonly asked: boolean
  readonly reviewing: boolean
  /** In review, and one's own work: somebody else reviews it. */
  readonly own: boolean
  readonly host: ReviewHost
  setAgainst(against: Against): void
  lookAt(change: BoxChange): void
  openIssue(issue: Issue | null): void
  openDialog(dialog: ReviewDialog): void
  /** Passes, or asks first where issues are not resolved. */
  pass(): void
  decide(body: VerdictBody): Promise<void>
}

/** Issues that are not resolved. */
export const openOf = (issues: readonly Issue[]): Issue[] =>
  issues.filter(({ state }) => state !== 'resolved')

/** The same list whenever there is none. */
const NONE: readonly Issue[] = []

export function useReview(task: Task, batch: Batch | undefined, session: Session): Review | null {
  const { editor, autosave } = session
  const { data } = useQuery(reviewQuery(task.id))
  const state = useSyncExternalStore(autosave.subscribe, () => autosave.state)
  const may = useMay(batch?.dataset, 'reviewer')
  const asked = batch?.review === true
  const waits = state === 'in_review' && asked
  const own = waits && data?.own === true && !batch.own_review
  const reviewing = waits && may && !own
  const [chosen, setAgainst] = useState<Against | null>(null)
  const against = chosen ?? (data?.sent_back_boxes && state === 'in_review' ? 'sent_back' : 'start')
  const before = (against === 'sent_back' ? data?.sent_back_boxes : null) ?? data?.base_boxes
  const steps = useSteps(task, editor, before, data?.issues ?? NONE)
  const [dialog, openDialog] = useState<ReviewDialog>(null)
  const decide = useDecide(task, session)
  const { resolve } = useIssues(task.id)
  useHold(task.id, reviewing)
  useBeforeKey(editor)
  const { changes, change, issue, lookAt, openIssue } = steps
  const resolveOne = resolve.mutate
  return useMemo(() => {
    if (!data) return null
    const unresolved = openOf(data.issues)
    const focused = unresolved.find(({ id }) => id === issue)
    const host: ReviewHost = {
      reviewing,
      hasChanges: changes.length > 0,
      hasIssues: data.issues.length > 0,
      hasIssue: focused !== undefined,
      stepChange: (step) => lookAt(stepTo(changes, change, step) ?? null),
      stepIssue: (step) =>
        openIssue(stepTo(unresolved.length > 0 ? unresolved : data.issues, issue, step) ?? null),
      newIssue: () => openDialog('issue'),
      resolve: () => focused && resolveOne({ issue: focused.id, resolved: true }, { onError: toastProblem }),
      sendBack: () => openDialog('send_back'),
      showBefore: () => editor.setReview({ showBefore: true }),
    }
    const pass = () =>
      unresolved.length > 0 ? openDialog('pass') : void decide({ verdict: 'passed' }).catch(toastProblem)
    return {
      ...steps,
      data,
      against,
      dialog,
      asked,
      reviewing,
      own,
      host,
      setAgainst,
      openDialog,
      pass,
      decide,
    }
  }, [
    data,
    steps,
    changes,
    change,
    issue,
    lookAt,
    openIssue,
    against,
    dialog,
    asked,
    reviewing,
    own,
    decide,
    editor,
    resolveOne,
  ])
}

/** The changes as the boxes stand now, which one is looked at, and the issues' places: on the canvas as well. */
function useSteps(
  task: Task,
  editor: Editor,
  before: readonly LabelBox[] | null | undefined,
  issues: readonly Issue[],
) {
  const now = useEditor(editor, (state) => state.document.now.boxes)
  const changes = useMemo(() => changesOf(before ?? now, now), [before, now])
  const [change, setChange] = useState<string | null>(null)
  const [issue, setIssue] = useState<number | null>(null)
  const [looked, setLooked] = useState<ReadonlySet<string>>(new Set())
  const { ofChange, ofIssue } = useSays(issues, task.classes)
  const shown = changes.find(({ id }) => id === change) ?? null
  useEffect(() => {
    editor.setReview({
      before: before ?? [],
      change: shown && { before: shown.before, after: shown.after, says: ofChange(shown) },
    })
  }, [editor, before, shown, ofChange])
  useEffect(() => {
    const visible = issues.filter((one) => one.box && (one.state !== 'resolved' || one.id === issue))
    const pins = visible.map((one) => ({
      id: one.id,
      boxId: one.box_id,
      box: one.box as Xyxy,
      says: ofIssue(one),
    }))
    editor.setReview({ pins, pin: issue })
  }, [editor, issues, issue, ofIssue])
  const lookAt = useCallback(
    (one: BoxChange | null) => {
      setChange(one?.id ?? null)
      setIssue(null)
      if (!one) return
      setLooked((seen) => new Set([...seen, one.id]))
      show(editor, around(one.before?.box, one.after?.box))
    },
    [editor],
  )
  const openIssue = useCallback(
    (one: Issue | null) => {
      setIssue(one?.id ?? null)
      setChange(null)
      const box = one && (editor.content.boxes.find(({ id }) => id === one.box_id)?.box ?? one.box)
      if (box) show(editor, box as Xyxy)
    },
    [editor],
  )
  return useMemo(
    () => ({ changes, change, looked, issue, lookAt, openIssue }),
    [changes, change, looked, issue, lookAt, openIssue],
  )
}

function around(a: Xyxy | undefined, b: Xyxy | undefined): Xyxy {
  const [one, other] = [a ?? b, b ?? a]
  if (!one || !other) return [0, 0, 1, 1]
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ]
}

function show(editor: Editor, box: Xyxy): void {
  editor.select([])
  editor.setViewport(zoomedToBox(editor.viewport, box))
}

/** Saves what is not saved, then decides, then goes to the next task that waits for this reviewer. */
function useDecide(task: Task, { autosave }: Session) {
  const { t } = useTranslation('label')
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useCallback(
    async (body: VerdictBody) => {
      if (!(await autosave.save())) return
      await autosave.saveSeconds()
      autosave.moved(await decideReview(task.id, body, autosave.version))
      void queries.invalidateQueries({ queryKey: ['batches'] })
      void queries.invalidateQueries({ queryKey: ['label-desk'] })
      queries.removeQueries({ queryKey: ['tasks', task.id] })
      const following = await nextReview(task.batch)
      if (following.task !== null) {
        void navigate({ to: '/tasks/$taskId', params: { taskId: String(following.task) } })
        return
      }
      toast(t('review.noneLeft'))
      void navigate({ to: '/batches/$batchId', params: { batchId: String(task.batch) } })
    },
    [task, autosave, queries, navigate, t],
  )
}

/** The image is as it was while the key is held; letting go of it, or of the window, ends that. */
function useBeforeKey(editor: Editor): void {
  useEffect(() => {
    const end = () => editor.state.review.showBefore && editor.setReview({ showBefore: false })
    window.addEventListener('keyup', end)
    window.addEventListener('blur', end)
    return () => {
      window.removeEventListener('keyup', end)
      window.removeEventListener('blur', end)
    }
  }, [editor])
}
