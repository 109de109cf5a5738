import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { preloadPicture } from '../canvas/usePicture'
import { Page } from '../page/Page'
import { ProblemNote } from '../ui/ProblemNote'
import { TaskEditor } from './editor/TaskEditor'
import { taskQuery, useBatch } from './queries'
import classes from './TaskPage.module.css'

/** The editor of one task; the next one is fetched meanwhile. */
export function TaskPage() {
  const { t } = useTranslation('label')
  const id = Number(useParams({ strict: false }).taskId)
  const task = useQuery(taskQuery(id))
  const batch = useBatch(task.data?.batch ?? 0, task.data !== undefined)
  usePrefetch(task.data?.next)
  if (task.error) {
    return (
      <Page title={t('task')} padded>
        <ProblemNote error={task.error} retry={task.refetch} />
      </Page>
    )
  }
  if (!task.data) return <Waiting />
  return <TaskEditor key={id} task={task.data} batch={batch.data} />
}

function usePrefetch(next: number | null | undefined): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (next == null) return
    queries
      .fetchQuery(taskQuery(next))
      .then((task) => preloadPicture(task.image.file))
      .catch(() => undefined)
  }, [queries, next])
}

/** Keeps the places of tools, picture and lists while the task is fetched. */
function Waiting() {
  const { t } = useTranslation('label')
  return (
    <Page title={t('task')}>
      <div className={classes.waiting} role="status" aria-label={t('ui:loading')}>
        <div />
        <div />
        <div />
      </div>
    </Page>
  )
}
