import { Button, SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IssueKind } from '../../api/types'
import type { Xyxy } from '../../canvas/box'
import { insideImage, screenLength, toImage } from '../../canvas/viewport'
import { Confirm } from '../../ui/Confirm'
import { FormDialog } from '../../ui/FormDialog'
import { toastProblem } from '../../ui/toast'
import type { Editor } from '../canvas/editor'
import { type NewIssue, useIssues } from './queries'
import classes from './Review.module.css'
import { openOf, type Review } from './useReview'

const KINDS: readonly IssueKind[] = ['missing', 'wrong_class', 'badly_drawn', 'other']
type Target = 'box' | 'place' | 'image'

type Props = { review: Review; task: number; editor: Editor }

/** Pin an issue, send the task back, pass it over open issues: whichever is asked for. */
export function ReviewDialogs({ review, task, editor }: Props) {
  if (review.dialog === 'issue') return <IssueDialog review={review} task={task} editor={editor} />
  if (review.dialog === 'send_back') return <SendBackDialog review={review} />
  if (review.dialog === 'pass') return <PassDialog review={review} />
  return null
}

/** Screen pixels from the pointer to each side of the place that it points at. */
const AROUND = 18

/** What the issue would be pinned to: the box looked at or selected, the place of the pointer. */
function targetsOf(
  editor: Editor,
  review: Review,
): { box: { id: string; box: Xyxy } | null; place: Xyxy | null } {
  const change = review.changes.find(({ id }) => id === review.change)
  const selected = editor.selectedBoxes()[0]
  const shown = selected ?? change?.after ?? change?.before
  const { pointer } = editor.state
  const at = pointer && insideImage(editor.viewport, pointer) ? toImage(editor.viewport, pointer) : null
  const by = screenLength(editor.viewport, AROUND)
  const { width, height } = editor.image
  return {
    box: shown ? { id: shown.id, box: shown.box } : null,
    place: at && [
      Math.max(0, at.x - by),
      Math.max(0, at.y - by),
      Math.min(width, at.x + by),
      Math.min(height, at.y + by),
    ],
  }
}

/** What is most likely wrong there. */
function kindFor(review: Review, target: Target): IssueKind {
  const facets = review.changes.find(({ id }) => id === review.change)?.facets ?? []
  if (target === 'place' || facets.includes('removed')) return 'missing'
  if (facets.includes('relabelled')) return 'wrong_class'
  return target === 'box' ? 'badly_drawn' : 'other'
}

function IssueDialog({ review, task, editor }: Props) {
  const { t } = useTranslation('label')
  const { raise } = useIssues(task)
  const [targets] = useState(() => targetsOf(editor, review))
  const [target, setTarget] = useState<Target>(targets.box ? 'box' : targets.place ? 'place' : 'image')
  const [kind, setKind] = useState<IssueKind>(() => kindFor(review, target))
  const [text, setText] = useState('')
  const send = () => {
    raise.mutate(issueOf(kind, text.trim() || t(`review.phrase.${kind}`), target, targets), {
      onSuccess: (issue) => {
        review.openDialog(null)
        review.openIssue(issue)
      },
    })
  }
  const pinned = (['box', 'place', 'image'] as const).filter((one) => one === 'image' || targets[one])
  return (
    <FormDialog
      title={t('review.newIssue')}
      verb={t('review.raise')}
      pending={raise.isPending}
      problem={raise.error}
      close={() => review.openDialog(null)}
      send={send}
    >
      <SegmentedControl
        fullWidth
        aria-label={t('review.pinnedTo')}
        value={target}
        onChange={(value) => setTarget(value as Target)}
        data={pinned.map((one) => ({ value: one, label: t(`review.target.${one}`) }))}
      />
      <SegmentedControl
        fullWidth
        aria-label={t('review.kindLabel')}
        value={kind}
        onChange={(value) => setKind(value as IssueKind)}
        data={KINDS.map((one) => ({ value: one, label: t(`review.kind.${one}`) }))}
      />
      <Textarea
        data-autofocus
        autosize
        minRows={2}
        value={text}
        label={t('review.what')}
        placeholder={t(`review.phrase.${kind}`)}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }
        }}
      />
      <div className={classes.phrases}>
        {([1, 2, 3] as const).map((at) => (
          <Button key={at} size="compact-xs" onClick={() => setText(t(`review.quick.${kind}.${at}`))}>
            {t(`review.quick.${kind}.${at}`)}
          </Button>
        ))}
      </div>
    </FormDialog>
  )
}

function issueOf(
  kind: IssueKind,
  text: string,
  target: Target,
  targets: ReturnType<typeof targetsOf>,
): NewIssue {
  if (target === 'box' && targets.box)
    return { kind, text, box_id: targets.box.id, box: [...targets.box.box] }
  if (target === 'place' && targets.place) return { kind, text, box: [...targets.place] }
  return { kind, text }
}

function SendBackDialog({ review }: { review: Review }) {
  const { t } = useTranslation('label')
  const [reason, setReason] = useState('')
  const [pending, setPending] = useState(false)
  const open = openOf(review.data.issues).length
  const send = () => {
    setPending(true)
    review
      .decide({ verdict: 'sent_back', reason: reason.trim() })
      .catch(toastProblem)
      .finally(() => setPending(false))
  }
  return (
    <FormDialog
      title={t('review.sendBack')}
      verb={t('review.sendBack')}
      ready={open > 0 || reason.trim() !== ''}
      pending={pending}
      close={() => review.openDialog(null)}
      send={send}
    >
      <p className="hd-dim">{open > 0 ? t('review.goesWith', { count: open }) : t('review.needsReason')}</p>
      <Textarea
        data-autofocus
        autosize
        minRows={2}
        value={reason}
        label={t(open > 0 ? 'review.reasonToo' : 'review.reason')}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }
        }}
      />
    </FormDialog>
  )
}

function PassDialog({ review }: { review: Review }) {
  const { t } = useTranslation('label')
  const [pending, setPending] = useState(false)
  const confirm = () => {
    setPending(true)
    review
      .decide({ verdict: 'passed', despite_issues: true })
      .catch(toastProblem)
      .finally(() => setPending(false))
  }
  return (
    <Confirm
      opened
      close={() => review.openDialog(null)}
      title={t('review.passTitle')}
      verb={t('review.passAnyway')}
      pending={pending}
      confirm={confirm}
    >
      {t('review.stillOpen', { count: openOf(review.data.issues).length })}
    </Confirm>
  )
}
