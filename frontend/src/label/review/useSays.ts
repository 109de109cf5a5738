import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, Issue } from '../../api/types'
import type { LabelBox } from '../canvas/content'
import type { BoxChange } from './changes'

/** Changes and issues in the few words that stand at a box. */
export function useSays(issues: readonly Issue[], classes: readonly DatasetClass[]) {
  const { t } = useTranslation('label')
  const ofChange = useCallback(
    ({ facets, before, after }: BoxChange) => {
      const nameOf = (box: LabelBox | null) => classes.find(({ id }) => id === box?.class_id)?.name ?? ''
      const words = facets.map((facet) =>
        facet === 'relabelled' ? `${nameOf(before)} → ${nameOf(after)}` : t(`review.facet.${facet}`),
      )
      return words.join(', ')
    },
    [t, classes],
  )
  const ofIssue = useCallback(
    (issue: Issue) => `! ${issues.indexOf(issue) + 1} ${t(`review.kind.${issue.kind}`)}`,
    [t, issues],
  )
  return { ofChange, ofIssue }
}
