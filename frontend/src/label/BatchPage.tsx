import { Button, Menu } from '@mantine/core'
import { IconArrowBackUp, IconDots, IconGitMerge } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../accounts/queries'
import type { Batch } from '../api/types'
import { useClasses } from '../dataset/queries'
import { useMay } from '../dataset/useMay'
import { Crumb } from '../page/Crumb'
import { Page } from '../page/Page'
import { type Action, useActions } from '../ui/actions'
import { lazyPart } from '../ui/lazyPart'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { toast, toastProblem } from '../ui/toast'
import { AssignPart, BatchDue } from './assign/AssignPart'
import { TaskSelectionProvider } from './assign/selection'
import { TakeOverItem } from './assign/TakeOverItem'
import classes from './BatchPage.module.css'
import { InstructionsButton } from './instructions/InstructionsButton'
import { MergeDialog } from './merge/MergeDialog'
import { finishedOf, TASK_STATES, totalOf } from './progress'
import { RestOfWork } from './quality/RestOfWork'
import { claimTask, useBatch, useChangeBatch } from './queries'
import { BatchReviewPart } from './review/BatchReviewPart'
import { useReviewNext } from './review/useReviewNext'
import { TaskFilters } from './TaskFilters'
import { TaskGrid } from './TaskGrid'
import { TaskProgress } from './TaskProgress'
import type { TaskSearch } from './taskSearch'

const AssistPart = lazyPart(() => import('./assist/AssistPart'), 'AssistPart')

/** One batch: its tasks by state, the way into the editor, and the way back to Curate. */
export function BatchPage() {
  const { t } = useTranslation('label')
  const id = Number(useParams({ strict: false }).batchId)
  const batch = useBatch(id)
  const [merging, setMerging] = useState(false)
  if (batch.error) {
    return (
      <Page title={t('batch')} padded>
        <ProblemNote error={batch.error} retry={batch.refetch} />
      </Page>
    )
  }
  const name = batch.data?.name ?? t('batch')
  return (
    <Page
      title={name}
      dataset={batch.data?.dataset}
      crumbs={batch.data && <Crumb label={t('batches')} to={`/label/${batch.data.dataset}`} />}
      actions={batch.data && <BatchButtons batch={batch.data} merge={() => setMerging(true)} />}
    >
      <div className={classes.page}>
        <div className={classes.head}>{batch.data && <Facts batch={batch.data} />}</div>
        {batch.data && <BatchReviewPart batch={batch.data} />}
        <Suspense fallback={null}>{batch.data && <AssistPart batch={batch.data} />}</Suspense>
        <TaskSelectionProvider>
          <TasksByState batchId={id} batch={batch.data} />
        </TaskSelectionProvider>
      </div>
      {batch.data && merging && <MergeDialog batch={batch.data} close={() => setMerging(false)} />}
    </Page>
  )
}

function Facts({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label')
  const datasetId = String(batch.dataset)
  const mayAssign = useMay(batch.dataset, 'reviewer')
  return (
    <>
      <div className={classes.progress}>
        <TaskProgress tasks={batch.tasks} />
      </div>
      <BatchDue batch={batch} mayChange={mayAssign} />
      <RestOfWork batch={batch.id} />
      <p className={classes.facts}>
        {batch.slice && (
          <span>
            {t('fact.slice')}{' '}
            <Link
              to="/datasets/$datasetId/slices/$sliceId"
              params={{ datasetId, sliceId: String(batch.slice.id) }}
            >
              {batch.slice.name}
            </Link>
          </span>
        )}
        <span>
          {t('fact.base')}{' '}
          <Link
            to="/datasets/$datasetId/revisions/$number"
            params={{ datasetId, number: String(batch.revision) }}
          >
            {t('revisionNumber', { number: batch.revision })}
          </Link>
        </span>
        {batch.merged_revision !== null && (
          <span>
            {t('fact.merged')}{' '}
            <Link
              to="/datasets/$datasetId/revisions/$number"
              params={{ datasetId, number: String(batch.merged_revision) }}
            >
              {t('revisionNumber', { number: batch.merged_revision })}
            </Link>
          </span>
        )}
      </p>
    </>
  )
}

function BatchButtons({ batch, merge }: { batch: Batch; merge: () => void }) {
  const { t } = useTranslation('label')
  const navigate = useNavigate()
  const me = useMe()
  const change = useChangeBatch(batch.id)
  const open = batch.state !== 'closed'
  const finished = finishedOf(batch.tasks) === totalOf(batch.tasks)
  const goOn = async () => {
    const task = await claimTask(batch.id, me.id).catch(toastProblem)
    if (task) void navigate({ to: '/tasks/$taskId', params: { taskId: String(task) } })
    else if (task === null) toast(t('nothingOpen'))
  }
  const decide = () =>
    void navigate({ to: '/batches/$batchId/suggestions', params: { batchId: String(batch.id) } })
  const begun = totalOf(batch.tasks) > (batch.tasks.to_label ?? 0)
  const reviewer = useMay(batch.dataset, 'reviewer')
  const reviews = reviewer && batch.review
  const reviewNext = useReviewNext()
  const waiting = batch.tasks.in_review ?? 0
  const actions: Action[] = [
    {
      id: 'batch.review_next',
      label: t('review.next'),
      keys: 'r',
      group: t('batch'),
      disabled: !open || !reviews || waiting === 0,
      perform: () => void reviewNext(batch.id),
    },
    {
      id: 'batch.go_on',
      label: t(begun ? 'goOn' : 'start'),
      keys: 'l',
      group: t('batch'),
      disabled: !open,
      perform: goOn,
    },
    {
      id: 'batch.decide',
      label: t('decideSuggestions'),
      keys: 's',
      group: t('batch'),
      disabled: !open || batch.auto_curate === null,
      perform: decide,
    },
    {
      id: 'batch.merge',
      label: t('sendToCurate'),
      keys: 'm',
      group: t('batch'),
      disabled: !open || !reviewer,
      perform: merge,
    },
  ]
  useActions(actions)
  const reopen = () => change.mutate({ state: 'open' }, { onError: toastProblem })
  if (!open) return <Button onClick={reopen}>{t('openAgain')}</Button>
  const merged = batch.state === 'merged'
  const toReview = reviews && waiting > 0
  const first = toReview ? 'review' : !finished ? 'label' : !merged ? 'merge' : null
  const look = (one: typeof first) => (one === first ? 'filled' : 'default')
  return (
    <>
      {toReview && (
        <Button variant={look('review')} onClick={() => void reviewNext(batch.id)}>
          {t('review.nextCount', { waiting })}
        </Button>
      )}
      <OffButton variant={look('label')} onClick={goOn} off={finished && t('allFinished')}>
        {t(begun ? 'goOn' : 'start')}
      </OffButton>
      {batch.auto_curate !== null && <Button onClick={decide}>{t('decideSuggestions')}</Button>}
      <OffButton
        variant={look('merge')}
        leftSection={<IconGitMerge size={15} />}
        onClick={merge}
        off={!reviewer && t('ui:off.reviewer')}
      >
        {t('sendToCurate')}
      </OffButton>
      <Button component={Link} to={`/batches/${batch.id}/quality`}>
        {t('peopleAndQuality')}
      </Button>
      <Suspense fallback={null}>
        <InstructionsButton batch={batch} />
      </Suspense>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button px={8} aria-label={t('more')}>
            <IconDots size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Suspense fallback={null}>
            <TakeOverItem batch={batch} />
          </Suspense>
          <Menu.Item
            leftSection={<IconArrowBackUp size={14} />}
            onClick={() => change.mutate({ state: 'closed' }, { onError: toastProblem })}
          >
            {t('closeBatch')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function TasksByState({ batchId, batch }: { batchId: number; batch: Batch | undefined }) {
  const { t } = useTranslation('label')
  const wanted = useSearch({ strict: false }) as TaskSearch
  const navigate = useNavigate()
  const change = (part: Partial<TaskSearch>) =>
    void navigate({ to: '.', search: { ...wanted, ...part }, replace: true })
  const named = useClasses(batch?.dataset ?? 0)
  const mayAssign = useMay(batch?.dataset, 'reviewer')
  const shown = TASK_STATES.filter((one) => batch?.tasks[one] || one === wanted.state)
  return (
    <>
      <div className={classes.over}>
        <fieldset className={classes.states}>
          <legend className="hd-hidden">{t('column.state')}</legend>
          {[undefined, ...shown].map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              aria-pressed={wanted.state === one}
              onClick={() => change({ state: one })}
            >
              {one ? t(`state.${one}`) : t('all')}
              <span className="hd-num">{batch ? (one ? batch.tasks[one] : totalOf(batch.tasks)) : ''}</span>
            </button>
          ))}
        </fieldset>
        {batch && mayAssign && (
          <Suspense fallback={null}>
            <AssignPart batch={batch} />
          </Suspense>
        )}
      </div>
      {batch && <TaskFilters batch={batch} wanted={wanted} change={change} />}
      <TaskGrid batch={batchId} wanted={wanted} named={named} />
    </>
  )
}
