import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { toast, toastProblem } from '../../ui/toast'
import { nextReview } from './queries'

/** Opens the next task of a batch that waits for this reviewer; says so where none does. */
export function useReviewNext(): (batch: number) => Promise<void> {
  const { t } = useTranslation('label')
  const navigate = useNavigate()
  return useCallback(
    async (batch: number) => {
      const answer = await nextReview(batch).catch(toastProblem)
      if (!answer) return
      if (answer.task !== null) {
        await navigate({ to: '/tasks/$taskId', params: { taskId: String(answer.task) } })
        return
      }
      const { waiting, yours, held } = answer
      toast(t('review.nothing', { waiting: count(waiting), yours: count(yours), held: count(held) }))
    },
    [navigate, t],
  )
}
