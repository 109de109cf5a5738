import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem'
import { EmptyState } from '../ui/EmptyState'
import { ProblemNote } from '../ui/ProblemNote'
import { CodeMissing } from './codeMissing'
import { Renewal } from './Renewal'

export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  if (isProblem(error, 404)) return <NotFound />
  const retry = () => {
    reset()
    void router.invalidate()
  }
  if (error instanceof CodeMissing) return <Renewal error={error} retry={retry} />
  return (
    <div style={{ maxWidth: 560, padding: 18 }}>
      <ProblemNote error={error} retry={retry} />
    </div>
  )
}

export function NotFound() {
  const { t } = useTranslation('ui')
  return (
    <EmptyState
      icon={<IconMapOff size={32} stroke={1.4} />}
      title={t('problem.notFound')}
      action={
        <Button component={Link} to="/">
          {t('toHome')}
        </Button>
      }
    >
      {t('problem.notFoundWhat')}
    </EmptyState>
  )
}
