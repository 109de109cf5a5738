import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Compared } from '../../api/types'
import { fileName } from '../../canvas/fileName'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { type Action, useActions } from '../../ui/actions'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast, toastProblem } from '../../ui/toast'
import { useBatch } from '../queries'
import { AnswerButtons } from './AnswerButtons'
import classes from './Compare.module.css'
import { CopyPictures } from './CopyPictures'
import { answersOf, type Chosen, firstQuestion, leftOf, optionsOf, stepTo } from './compare'
import { ObjectButtons } from './ObjectButtons'
import { copiesQuery, useDecide } from './queries'

/** The copies of one image side by side; what no vote settles is decided here, by keys. */
export function ComparePage() {
  const { t } = useTranslation('label/quality')
  const id = Number(useParams({ strict: false }).taskId)
  const copies = useQuery(copiesQuery(id))
  const batch = useBatch(copies.data?.batch ?? 0, copies.data !== undefined)
  const title = t('compare.title', { name: copies.data ? fileName(copies.data.image.key) : '' })
  const crumbs = batch.data && (
    <>
      <Crumb label={batch.data.name} to={`/batches/${batch.data.id}`} />
      <Crumb label={t('title')} to={`/batches/${batch.data.id}/quality`} />
    </>
  )
  return (
    <Page title={title} dataset={batch.data?.dataset} crumbs={crumbs} padded={Boolean(copies.error)}>
      {copies.error && <ProblemNote error={copies.error} retry={copies.refetch} />}
      {copies.data && <Deciding key={`${id}-${copies.data.version}`} of={copies.data} />}
    </Page>
  )
}

function Deciding({ of }: { of: Compared }) {
  const { t } = useTranslation('label/quality')
  const [at, setAt] = useState(() => firstQuestion(of))
  const [chosen, setChosen] = useState<Chosen>({})
  const left = leftOf(of.seen, chosen)
  const { send, pending } = useSending(of, chosen)
  const answer = (classId: number | null) => {
    const now = { ...chosen, [at]: classId }
    setChosen(now)
    if (leftOf(of.seen, now).length > 0) setAt(stepTo(of.seen, now, at, 1))
  }
  const object = of.seen[at]
  const options = object ? optionsOf(object) : []
  const named = new Map(of.classes.map((one) => [one.id, one]))
  const step = (by: 1 | -1) => setAt(stepTo(of.seen, chosen, at, by))
  useActions([
    ...options.map(
      ({ key, classId }): Action => ({
        id: `compare.${key}`,
        label: classId === null ? t('compare.nothing') : (named.get(classId)?.name ?? ''),
        keys: key,
        group: t('compare.group'),
        perform: () => answer(classId),
      }),
    ),
    {
      id: 'compare.next',
      label: t('compare.next'),
      keys: 'j',
      group: t('compare.group'),
      perform: () => step(1),
    },
    {
      id: 'compare.back',
      label: t('compare.previous'),
      keys: 'k',
      group: t('compare.group'),
      perform: () => step(-1),
    },
    {
      id: 'compare.save',
      label: t('compare.save'),
      keys: 'mod+enter',
      group: t('compare.group'),
      disabled: left.length > 0,
      perform: send,
    },
  ])
  return (
    <div className={classes.page}>
      {of.decided && <p className="hd-dim">{t('compare.wasDecided')}</p>}
      <ObjectButtons seen={of.seen} named={named} chosen={chosen} at={at} go={setAt} />
      {object && <CopyPictures of={of} object={object} named={named} />}
      {object && (
        <AnswerButtons
          object={object}
          options={options}
          named={named}
          chosen={at in chosen ? chosen[at] : undefined}
          answer={answer}
          left={left.length}
          last={of.next === null}
          send={send}
          pending={pending}
        />
      )}
    </div>
  )
}

/** Keeps the result, and goes on to the next image with questions, or back to the figures. */
function useSending(of: Compared, chosen: Chosen): { send: () => void; pending: boolean } {
  const { t } = useTranslation('label/quality')
  const navigate = useNavigate()
  const decide = useDecide(of.task)
  const send = () =>
    decide.mutate(
      { answers: answersOf(chosen), version: of.version },
      {
        onError: toastProblem,
        onSuccess: ({ next }) => {
          if (next !== null) {
            void navigate({ to: '/tasks/$taskId/copies', params: { taskId: String(next) } })
            return
          }
          toast(t('compare.done'))
          void navigate({ to: '/batches/$batchId/quality', params: { batchId: String(of.batch) } })
        },
      },
    )
  return { send, pending: decide.isPending }
}
