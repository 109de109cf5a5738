import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import { following } from '../../api/following'
import type { ImproveStep } from '../../api/types'

const IDLE_MS = 120_000 // labels that others draw are no news of a job

/** Where the dataset is in the loop; followed while a job of the loop runs. */
export const improveQuery = (dataset: number, minutes: number) =>
  queryOptions({
    queryKey: ['improve', dataset, minutes],
    queryFn: ({ signal }) => get(`datasets/${dataset}/improve`, { minutes }, signal),
    refetchInterval: ({ state }) => following(state.data?.job) || IDLE_MS,
  })

export const curveQuery = (dataset: number, run: number | undefined) =>
  queryOptions({
    queryKey: ['learning-curve', dataset, run ?? null],
    queryFn: ({ signal }) => get(`datasets/${dataset}/learning-curve`, { run }, signal),
    refetchInterval: ({ state }) => following(state.data?.job || state.data?.waiting.length),
  })

/** The API's one parameter of a path that is a word; the table of calls knows numbers only. */
const inPath = (step: string) => step as unknown as number

type Which = Pick<ImproveStep, 'step' | 'class_id'>

function useChanged(dataset: number) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['improve', dataset] }),
      queries.invalidateQueries({ queryKey: ['learning-curve', dataset] }),
      queries.invalidateQueries({ queryKey: ['jobs'] }),
    ])
}

/** Does the machine's part of a step. */
export function useTakeStep(dataset: number, minutes: number) {
  const changed = useChanged(dataset)
  return useMutation({
    mutationFn: ({ step, class_id }: Which) =>
      post(`datasets/${dataset}/improve/${inPath(step)}`, { class_id, minutes }),
    onSettled: changed,
  })
}

/** Leaves a step out until the next training, or takes it up again. */
export function useSkipStep(dataset: number) {
  const changed = useChanged(dataset)
  return useMutation({
    mutationFn: ({ step, class_id, undo }: Which & { undo: boolean }) =>
      post(`datasets/${dataset}/improve/${inPath(step)}/skip`, { class_id, undo }),
    onSettled: changed,
  })
}
