import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { isProblem, Problem } from '../api/problem'
import classes from './ProblemNote.module.css'
import { useSaidHere } from './saidOnce'

/** What happened and what to do, for any error: the API's own words where it gave some. */
export function problemText(error: unknown, t: TFunction<'ui'>): { title: string; detail: string } {
  if (!(error instanceof Problem))
    return { title: t('problem.unexpected'), detail: String((error as Error)?.message ?? error) }
  if (error.isOffline) return { title: t('problem.offline'), detail: t('problem.offlineWhat') }
  if (error.status === 404) return { title: t('problem.notFound'), detail: t('problem.notFoundWhat') }
  if (error.status === 403)
    return { title: t('problem.forbidden'), detail: error.detail || t('problem.forbiddenWhat') }
  if (error.status === 507) return { title: t('problem.full'), detail: t('problem.fullWhat') }
  if (error.status >= 500)
    return { title: t('problem.server'), detail: error.detail || t('problem.serverWhat') }
  return { title: t('problem.refused'), detail: sentences(error) }
}

/** What the server said, and of each field what it has not said already. */
function sentences({ detail, title, errors }: Problem): string {
  const fields = Object.entries(errors)
    .filter(([, said]) => !said.every((line) => detail.includes(line)))
    .map(([field, said]) => (field ? `${field}: ${said.join(' ')}` : said.join(' ')))
  return [detail || title, ...fields].filter(Boolean).join('\n')
}

type Props = { error: unknown; retry?: () => void }

/** An error where the content would have stood. What several parts of a page failed at alike is said by the first of them. */
export function ProblemNote({ error, retry }: Props) {
  const { t } = useTranslation('ui')
  const { title, detail } = problemText(error, t)
  if (!useSaidHere(`${title}\n${detail}`)) return <p className={classes.again}>{t('problem.saidAbove')}</p>
  return (
    <div className={classes.note} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div>
        <strong>{title}</strong>
        {detail && <p>{detail}</p>}
        {retry && !isProblem(error, 404) && (
          <Button mt={8} onClick={retry}>
            {t('tryAgain')}
          </Button>
        )}
      </div>
    </div>
  )
}
