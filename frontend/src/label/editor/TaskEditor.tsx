import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../accounts/queries'
import type { Batch, Task, TaskState } from '../../api/types'
import { fileName } from '../../canvas/fileName'
import { usePicture } from '../../canvas/usePicture'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { toast, toastProblem } from '../../ui/toast'
import { AssistBar } from '../assist/AssistBar'
import { useAssist } from '../assist/useAssist'
import type { Autosave, SaveStatus } from '../autosave'
import type { ActionContext, TaskHost } from '../canvas/actions/action'
import { ACTION_KEYS } from '../canvas/actions/list'
import { classKeys } from '../canvas/classKeys'
import { Stage } from '../canvas/Stage'
import { clipboard } from '../drafts'
import { InstructionsPanel } from '../instructions/InstructionsPanel'
import { ReviewDialogs } from '../review/ReviewDialogs'
import { ReviewPart } from '../review/ReviewPart'
import { reviewedHost } from '../review/reviewedHost'
import { type Review, useReview } from '../review/useReview'
import { FrameStrip } from '../tracks/FrameStrip'
import { TrackList } from '../tracks/TrackList'
import { useSequence } from '../tracks/useSequence'
import { ClassCodes } from './ClassCodes'
import { ClassPicker } from './ClassPicker'
import { ConflictDialog } from './ConflictDialog'
import { useImageLabels } from './imageLabels'
import { focusAttributes, focusImageLabels } from './places'
import { SidePanel } from './SidePanel'
import classes from './TaskEditor.module.css'
import { TaskLine } from './TaskLine'
import { Toolbar } from './Toolbar'
import { useCompleteFirst } from './useCompleteFirst'
import { useEditorActions } from './useEditorActions'
import { useEditorKeys } from './useEditorKeys'
import { useEditorNotes } from './useEditorNotes'
import { useKeeping } from './useKeeping'
import { useSession } from './useSession'

type Panel = 'classes' | 'instructions' | null

/** The whole window for one image: tools at the left, objects and suggestions at the right, progress in the top line. */
export function TaskEditor({ task, batch }: { task: Task; batch: Batch | undefined }) {
  const session = useSession(task)
  const { editor, autosave } = session
  const [panel, setPanel] = useState<Panel>(null)
  const finished = batch?.review && autosave.state !== 'in_review' ? 'in_review' : 'done'
  const named = useMemo(() => new Map(task.classes.map((one) => [one.id, one])), [task.classes])
  const ground = useHost(task, finished, autosave, setPanel)
  const image = useImageLabels(task, autosave, ground.skip)
  const whole = useMemo(() => ({ ...ground, rejectImage: image.reject }), [ground, image.reject])
  const complete = useCompleteFirst(whole, editor, named)
  const review = useReview(task, batch, session)
  const host = useReviewedHost(complete, review)
  const sequence = useSequence(task, session)
  const tracks = sequence?.host
  const assist = useAssist(task, editor)
  const { tighten } = assist
  const context = useMemo<ActionContext>(
    () => ({ editor, host: { ...host, tracks, tighten }, clipboard }),
    [editor, host, tracks, tighten],
  )
  const keyOfClass = useMemo(() => classKeys(task.classes, ACTION_KEYS), [task.classes])
  const picture = usePicture(task.image.file, task.image.thumb)
  useEditorKeys(context, keyOfClass)
  useEditorActions(context)
  useForgetting(task.id, autosave)
  useKeeping(session, task.id)
  useEditorNotes(editor)
  return (
    <Page
      title={fileName(task.image.key)}
      dataset={batch?.dataset}
      crumbs={batch && <Crumb label={batch.name} to={`/batches/${batch.id}`} />}
      middle={<TaskLine task={task} session={session} host={host} finished={finished} />}
    >
      <div className={classes.editor}>
        <Toolbar context={context} />
        <div className={classes.stage}>
          <Stage editor={editor} named={named} picture={picture} openClasses={host.openClasses} />
          <AssistBar
            editor={editor}
            assist={assist}
            named={named}
            batch={task.batch}
            dataset={batch?.dataset}
          />
          <ClassCodes editor={editor} all={task.classes} keyOfClass={keyOfClass} />
          {sequence && <FrameStrip sequence={sequence} editor={editor} />}
        </div>
        <SidePanel
          context={context}
          named={named}
          keyOfClass={keyOfClass}
          classes={task.classes}
          top={review && <ReviewPart review={review} task={task.id} named={named} />}
          image={image}
          dataset={batch?.dataset}
        >
          {sequence && <TrackList sequence={sequence} editor={editor} named={named} />}
        </SidePanel>
      </div>
      {panel === 'classes' && (
        <ClassPicker
          classes={task.classes}
          keyOfClass={keyOfClass}
          context={context}
          close={() => setPanel(null)}
        />
      )}
      {review && <ReviewDialogs review={review} task={task.id} editor={editor} />}
      <Suspense fallback={null}>
        <InstructionsPanel
          batch={task.batch}
          opened={panel === 'instructions'}
          open={host.openInstructions}
          close={() => setPanel(null)}
        />
      </Suspense>
      <ConflictDialog session={session} />
    </Page>
  )
}

function useReviewedHost(host: TaskHost, review: Review | null): TaskHost {
  const { t } = useTranslation('label')
  const me = useMe().id
  return useMemo(() => reviewedHost(host, review, me, t), [host, review, me, t])
}

/** What the editor's actions can ask of the page. Leaving never waits for the server: the draft is safe by then. */
function useHost(
  task: Task,
  finished: TaskState,
  autosave: Autosave,
  setPanel: (panel: Panel) => void,
): TaskHost {
  const { t } = useTranslation('label')
  const navigate = useNavigate()
  return useMemo(() => {
    const go = (id: number | null) => {
      if (id !== null) void navigate({ to: '/tasks/$taskId', params: { taskId: String(id) } })
      else void navigate({ to: '/batches/$batchId', params: { batchId: String(task.batch) } })
    }
    const end = (state: TaskState) => {
      void autosave.save(state).then((saved) => saved || tellLater(autosave.status, task, t))
      go(task.next)
    }
    return {
      hasNext: task.next !== null,
      hasPrevious: task.previous !== null,
      next: () => go(task.next),
      previous: () => go(task.previous),
      finish: () => end(finished),
      skip: () => end('skipped'),
      save: () => void autosave.save(),
      openClasses: () => setPanel('classes'),
      openComments: () => undefined, // until it is known what there is: see review/reviewedHost.ts
      openInstructions: () => setPanel('instructions'),
      focusObjects,
      focusAttributes,
      focusImageLabels,
      rejectImage: () => undefined,
    }
  }, [task, finished, autosave, setPanel, navigate, t])
}

/** The way from the canvas, where Tab goes to the next suggestion, to the lists and buttons, where Tab is Tab. */
function focusObjects(): void {
  const list = document.getElementById('objects')
  const place = list?.querySelector<HTMLElement>('[tabindex="0"]') ?? list
  place?.focus()
}

/** What went wrong after the page had gone on to the next task; the draft is kept, so that nothing is lost. */
function tellLater(status: SaveStatus, task: Task, t: TFunction<'label'>): void {
  const name = fileName(task.image.key)
  if (status.phase === 'refused') toastProblem(status.problem)
  if (status.phase === 'conflict') toast(t('conflict.later', { name }))
}

/** When the editor closes, the answer from which it began is old, and once all is saved so are the lists. */
function useForgetting(task: number, autosave: Autosave): void {
  const queries = useQueryClient()
  useEffect(
    () => () => {
      queries.removeQueries({ queryKey: ['tasks', task], exact: true })
      void autosave.save().finally(() => queries.invalidateQueries({ queryKey: ['batches'] }))
    },
    [queries, task, autosave],
  )
}
