import type { TFunction } from 'i18next'
import { toast } from '../../ui/toast'
import type { TaskHost } from '../canvas/actions/action'
import type { Review } from './useReview'

/** The page's host as it is while a review is on: "done" passes, and handing in waits for answers. */
export function reviewedHost(
  host: TaskHost,
  review: Review | null,
  me: number,
  t: TFunction<'label'>,
): TaskHost {
  if (!review) return host
  const { issues } = review.data
  const unanswered = issues.filter((one) => one.state === 'open' && one.author?.id !== me)
  const handIn = () => {
    const [first] = unanswered
    if (!first || !review.asked) return host.finish()
    toast(t('review.answerFirst', { count: unanswered.length }))
    review.openIssue(first)
  }
  return {
    ...host,
    review: review.host,
    finish: review.reviewing ? review.pass : review.own ? host.next : handIn,
    openComments: () => (issues.length > 0 ? review.host.stepIssue(1) : review.host.newIssue()),
  }
}
