import { Drawer, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { personName } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { Time } from '../../ui/Time'
import { commentsQuery, useAddComment } from '../queries'
import classes from './Comments.module.css'

/** What people said about this image. */
export function Comments({ task, close }: { task: number; close: () => void }) {
  const { t } = useTranslation('label')
  const comments = useQuery(commentsQuery(task))
  const add = useAddComment(task)
  const [text, setText] = useState('')
  const send = () => {
    if (text.trim()) add.mutate(text.trim(), { onSuccess: () => setText('') })
  }
  return (
    <Drawer opened onClose={close} position="right" size={340} title={t('action.comments')}>
      {comments.error && <ProblemNote error={comments.error} retry={comments.refetch} />}
      {comments.data?.length === 0 && <p className="hd-dim">{t('noComments')}</p>}
      <ul className={classes.list}>
        {comments.data?.map((comment) => (
          <li key={comment.id}>
            <p className="hd-dim">
              {personName(comment.author)} · <Time at={comment.created_at} />
            </p>
            <p className={classes.text}>{comment.text}</p>
          </li>
        ))}
      </ul>
      <Textarea
        autosize
        minRows={3}
        value={text}
        placeholder={t('commentPlaceholder')}
        aria-label={t('commentPlaceholder')}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === 'Enter' && send()}
        data-autofocus
      />
      {add.error ? <ProblemNote error={add.error} /> : null}
      <OffButton
        mt={8}
        variant="filled"
        off={!text.trim() && t('ui:off.text')}
        loading={add.isPending}
        onClick={send}
      >
        {t('addComment')}
      </OffButton>
    </Drawer>
  )
}
