import { useTranslation } from 'react-i18next'
import type { Notice } from '../api/types'
import { useJobTitle } from '../jobs/useJobTitle'
import { count, day } from '../ui/format'

/** A notice as a sentence in the language of the page. */
export function useNoticeText(): (notice: Notice) => string {
  const { t } = useTranslation('notices')
  const title = useJobTitle()
  return ({ kind, names }) => {
    const said: Record<string, unknown> = { ...names }
    if (typeof names.count === 'number') said.number = count(names.count)
    if (typeof names.due === 'string') said.due = day(`${names.due}T00:00`)
    if (typeof names.title === 'string') said.title = title(names as unknown as Parameters<typeof title>[0])
    return t(`says.${kind}`, said)
  }
}
