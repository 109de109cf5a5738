import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../../api/types'
import { toast, toastProblem } from '../../ui/toast'
import type { TaskHost } from '../canvas/actions/action'
import type { Editor } from '../canvas/editor'
import { taskQuery } from '../queries'
import { type AssistSource, askTightened, type Candidates, candidatesQuery, useSource } from './queries'
import { tighten } from './tightening'

/** What the open image's detector is, and what it has answered. */
export type Assist = {
  readonly source: UseQueryResult<AssistSource>
  readonly answer: UseQueryResult<Candidates>
  readonly tighten: NonNullable<TaskHost['tighten']>
}

/** Asks the batch's detector about the open image and, once it has answered, about the next. */
export function useAssist(task: Task, editor: Editor): Assist {
  const source = useSource(task.batch)
  const answer = useQuery(candidatesQuery(task.image.id, source.data))
  const found = answer.data
  useEffect(() => {
    if (found) editor.setCandidates(found.candidates, found.checkpoint)
  }, [editor, found])
  useAhead(task.next, source.data, found !== undefined)
  return { source, answer, tighten: useTighten(task.image.id, editor) }
}

function useAhead(next: number | null, source: AssistSource | undefined, answered: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (next === null || source?.readiness !== 'ready' || !answered) return
    queries
      .fetchQuery(taskQuery(next))
      .then((task) => queries.prefetchQuery(candidatesQuery(task.image.id, source)))
      .catch(() => undefined)
  }, [queries, next, source, answered])
}

function useTighten(image: number, editor: Editor): Assist['tighten'] {
  const { t } = useTranslation('label/assist')
  return useMemo(() => {
    let busy = false
    return () => {
      if (busy) return
      busy = true
      tighten(editor, (box) => askTightened(image, box))
        .then(({ changed, left }) => {
          if (left > 0)
            toast(
              [changed > 0 ? t('tight.some', { count: changed }) : '', t('tight.none', { count: left })]
                .join(' ')
                .trim(),
            )
        })
        .catch(toastProblem)
        .finally(() => {
          busy = false
        })
    }
  }, [image, editor, t])
}
