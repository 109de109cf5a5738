import { Button } from '@mantine/core'
import { IconArrowRight, IconClipboardCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../accounts/queries'
import type { LabelDesk } from '../api/types'
import { fileName } from '../canvas/fileName'
import { Page } from '../page/Page'
import { useActions } from '../ui/actions'
import { EmptyState } from '../ui/EmptyState'
import { count, personName } from '../ui/format'
import { KeyCaps } from '../ui/KeyCaps'
import { ProblemNote } from '../ui/ProblemNote'
import { toast, toastProblem } from '../ui/toast'
import classes from './DeskPage.module.css'
import { DueMark } from './due'
import { LabelTabs } from './LabelTabs'
import { claimTask, deskQuery } from './queries'
import { useReviewNext } from './review/useReviewNext'
import { TaskProgress } from './TaskProgress'

/** What is mine, and next: the home of whoever labels and reviews. */
export function DeskPage() {
  const { t } = useTranslation('label')
  const dataset = (useSearch({ strict: false }) as { dataset?: number }).dataset
  const desk = useQuery(deskQuery(dataset))
  return (
    <Page
      title={t('desk.title')}
      dataset={dataset}
      padded
      tabs={dataset !== undefined && <LabelTabs dataset={dataset} current="mine" />}
    >
      {desk.error && <ProblemNote error={desk.error} retry={desk.refetch} />}
      {desk.data && <Desk desk={desk.data} dataset={dataset} />}
    </Page>
  )
}

function Desk({ desk, dataset }: { desk: LabelDesk; dataset: number | undefined }) {
  const { t } = useTranslation('label')
  const goOn = useContinue(desk.next)
  useActions([
    {
      id: 'desk.continue',
      label: t('desk.continue'),
      group: t('desk.title'),
      keys: 'enter',
      disabled: !desk.next,
      perform: goOn,
    },
  ])
  if (!desk.next && desk.batches.length === 0) return <NothingToDo dataset={dataset} />
  return (
    <div className={classes.desk}>
      {desk.next ? (
        <div className={classes.next}>
          <Button size="md" variant="filled" rightSection={<KeyCaps keys="enter" />} onClick={goOn}>
            {t('desk.continue')}
          </Button>
          <span className="hd-dim">{t(`desk.next.${desk.next.kind}`)}</span>
        </div>
      ) : (
        <p className="hd-dim">{t('desk.empty.title')}</p>
      )}
      <Tasks title={t('desk.sentBack')} rows={desk.sent_back} total={desk.counts.sent_back} />
      <Tasks title={t('desk.begun')} rows={desk.begun} total={desk.counts.begun} />
      <Tasks title={t('desk.assigned')} rows={desk.assigned} total={desk.counts.assigned} />
      <ToReview rows={desk.to_review} />
      <Batches rows={desk.batches} />
    </div>
  )
}

/** Opens what stands first: a task of mine, the next review, or a task that nobody has begun. */
function useContinue(next: LabelDesk['next']): () => void {
  const { t } = useTranslation('label')
  const navigate = useNavigate()
  const review = useReviewNext()
  const me = useMe()
  const open = (task: number) => void navigate({ to: '/tasks/$taskId', params: { taskId: String(task) } })
  return () => {
    if (!next) return
    if (next.task !== null) open(next.task)
    else if (next.kind === 'review') void review(next.batch)
    else
      void claimTask(next.batch, me.id).then(
        (task) => (task === null ? toast(t('nothingOpen')) : open(task)),
        toastProblem,
      )
  }
}

function Part({ title, total, children }: { title: string; total?: number; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h2>
        {title} {total !== undefined && <span className="hd-num hd-dim">{count(total)}</span>}
      </h2>
      {children}
    </section>
  )
}

type Row = LabelDesk['begun'][number] & Partial<LabelDesk['sent_back'][number]>

function Tasks({ title, rows, total }: { title: string; rows: readonly Row[]; total: number }) {
  const { t } = useTranslation('label')
  if (total === 0) return null
  return (
    <Part title={title} total={total}>
      <ul className={classes.tasks}>
        {rows.map((task) => (
          <li key={task.id}>
            <Link
              to="/tasks/$taskId"
              params={{ taskId: String(task.id) }}
              className={classes.task}
              preload={false}
            >
              <img src={task.image.thumb} alt="" loading="lazy" />
              <span className={classes.words}>
                <span className={classes.name}>{fileName(task.image.key)}</span>
                <span className="hd-dim">{task.batch.name}</span>
                <DueMark due={task.due} />
                {task.round !== undefined && (
                  <span className={classes.why}>
                    {personName(task.reviewer ?? null)}, {t('desk.round', { number: task.round })}:{' '}
                    {task.reason || t('review.issuesShort', { count: task.open_issues })}
                  </span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {total > rows.length && <p className="hd-dim">{t('desk.more', { count: total - rows.length })}</p>}
    </Part>
  )
}

function ToReview({ rows }: { rows: LabelDesk['to_review'] }) {
  const { t } = useTranslation('label')
  const review = useReviewNext()
  if (rows.length === 0) return null
  return (
    <Part title={t('desk.toReview')} total={rows.reduce((sum, one) => sum + one.waiting, 0)}>
      <ul className={classes.lines}>
        {rows.map(({ batch, waiting, held }) => (
          <li key={batch.id}>
            <Link to="/batches/$batchId" params={{ batchId: String(batch.id) }}>
              {batch.name}
            </Link>
            <span className="hd-num hd-dim">
              {t('desk.waiting', { count: waiting })}
              {held > 0 && `, ${t('desk.held', { count: held })}`}
            </span>
            <Button size="compact-sm" onClick={() => void review(batch.id)}>
              {t('desk.reviewStart')}
            </Button>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Batches({ rows }: { rows: LabelDesk['batches'] }) {
  const { t } = useTranslation('label')
  if (rows.length === 0) return null
  return (
    <Part title={t('desk.batches')}>
      <ul className={classes.lines}>
        {rows.map((batch) => (
          <li key={batch.id}>
            <Link to="/batches/$batchId" params={{ batchId: String(batch.id) }}>
              {batch.name}
            </Link>
            <TaskProgress tasks={batch.tasks} />
            <IconArrowRight size={14} aria-hidden />
          </li>
        ))}
      </ul>
    </Part>
  )
}

function NothingToDo({ dataset }: { dataset: number | undefined }) {
  const { t } = useTranslation('label')
  const action = (
    <Button component={Link} to={dataset ? `/datasets/${dataset}` : '/'} variant="filled">
      {t('desk.empty.action')}
    </Button>
  )
  return (
    <EmptyState
      icon={<IconClipboardCheck size={30} stroke={1.4} />}
      title={t('desk.empty.title')}
      action={action}
    >
      {t('desk.empty.text')}
    </EmptyState>
  )
}
