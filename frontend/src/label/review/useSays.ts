import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Issue } from '../../api/types'
import type { BoxChange } from './changes'

/** Changes and issues in the few words that stand at a box. */
export function useSays(issues: readonly Issue[]) {
  const { t } = useTranslation('label')
  const ofChange = useCallback(
    (change: BoxChange) => change.facets.map((facet) => t(`review.facet.${facet}`)).join(', '),
    [t],
  )
  const ofIssue = useCallback(
    (issue: Issue) => `! ${issues.indexOf(issue) + 1} ${t(`review.kind.${issue.kind}`)}`,
    [t, issues],
  )
  return { ofChange, ofIssue }
}
