import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Body } from '../../api/calls'
import { patch } from '../../api/client'
import type { Task } from '../../api/types'
import { toast, toastProblem } from '../../ui/toast'
import type { Autosave } from '../autosave'

/** The tag of an image that is not to be labelled or trained on. */
export const REJECTED = 'rejected'

type Change = Body<'patch', `images/${number}/labels`>

/** The task's image as it is labelled as a whole, and how that is changed. */
export type LabelledImage = {
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly rejected: boolean
  change(change: Change): void
  reject(): void
}

/** `skip` leaves the task as skipped; it is called once the image is known to be rejected. */
export function useImageLabels(task: Task, autosave: Autosave, skip: () => void): LabelledImage {
  const { t } = useTranslation('label')
  const queries = useQueryClient()
  const [labels, setLabels] = useState({ tags: task.image.tags, metadata: task.image.metadata })
  const { mutate } = useMutation({
    mutationFn: (change: Change) => patch(`images/${task.image.id}/labels`, change),
    onSuccess: (now) => {
      setLabels(now)
      void queries.invalidateQueries({ queryKey: ['images'] })
    },
    onError: toastProblem,
  })
  return useMemo(() => {
    const rejected = labels.tags.includes(REJECTED)
    const takeBack = () => {
      void autosave.save('in_progress')
      toast(t('image.takenBack'))
    }
    const gone = () => {
      toast(t('image.nowRejected'))
      skip()
    }
    return {
      ...labels,
      rejected,
      change: (change) => mutate(change),
      reject: () =>
        rejected
          ? mutate({ remove_tags: [REJECTED] }, { onSuccess: takeBack })
          : mutate({ add_tags: [REJECTED] }, { onSuccess: gone }),
    }
  }, [labels, mutate, autosave, skip, t])
}
