import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Issue } from '../../api/types'
import { personName } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { Time } from '../../ui/Time'
import { toastProblem } from '../../ui/toast'
import panel from '../editor/SidePanel.module.css'
import { useIssues } from './queries'
import classes from './Review.module.css'
import type { Review } from './useReview'

type Props = { issue: Issue; number: number; review: Review; task: number }

/** An issue in a line; the one looked at with its thread, and what can be done about it. */
export function IssueRow({ issue, number, review, task }: Props) {
  const { t } = useTranslation('label')
  const shown = review.issue === issue.id
  return (
    <>
      <button
        type="button"
        className={panel.row}
        aria-pressed={shown}
        data-state={issue.state}
        onClick={() => review.openIssue(shown ? null : issue)}
      >
        <span className={classes.number}>{number}</span>
        <span className={panel.grow}>
          {t(`review.kind.${issue.kind}`)} <span className="hd-dim">{issue.remarks[0]?.text}</span>
        </span>
        <span className={classes.state} data-state={issue.state}>
          {t(`review.state.${issue.state}`)}
        </span>
      </button>
      {shown && <Thread issue={issue} task={task} />}
    </>
  )
}

function Thread({ issue, task }: { issue: Issue; task: number }) {
  const { t } = useTranslation('label')
  const { reply, resolve } = useIssues(task)
  const [text, setText] = useState('')
  const resolved = issue.state === 'resolved'
  const send = () => {
    const said = text.trim()
    if (said)
      reply.mutate({ issue: issue.id, text: said }, { onSuccess: () => setText(''), onError: toastProblem })
  }
  return (
    <div className={classes.thread}>
      {issue.remarks.map((remark) => (
        <div key={remark.id}>
          <p className="hd-dim">
            {personName(remark.author)} · <Time at={remark.created_at} />
          </p>
          <p className={classes.text}>{remark.text}</p>
        </div>
      ))}
      {resolved && issue.resolved_by && issue.resolved_at && (
        <p className="hd-dim">
          {t('review.resolvedBy', { name: personName(issue.resolved_by) })} · <Time at={issue.resolved_at} />
        </p>
      )}
      <Textarea
        autosize
        minRows={1}
        size="xs"
        value={text}
        placeholder={t('review.reply')}
        aria-label={t('review.reply')}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
            event.preventDefault()
            send()
          }
        }}
      />
      <div className={classes.buttons}>
        <OffButton
          size="compact-xs"
          off={!text.trim() && t('review.replyEmpty')}
          loading={reply.isPending}
          onClick={send}
        >
          {t('review.sendReply')}
        </OffButton>
        <Button
          size="compact-xs"
          variant={resolved ? 'default' : 'filled'}
          loading={resolve.isPending}
          onClick={() => resolve.mutate({ issue: issue.id, resolved: !resolved }, { onError: toastProblem })}
        >
          {t(resolved ? 'review.reopen' : 'review.resolve')}
        </Button>
      </div>
    </div>
  )
}
