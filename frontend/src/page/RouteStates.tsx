import { Button, Skeleton } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem'
import { EmptyState } from '../ui/EmptyState'
import { ProblemNote } from '../ui/ProblemNote'

/** Keeps the place while a page's code or first data is on its way. */
export function RoutePending() {
  return (
    <div style={{ padding: 18 }} aria-busy>
      <Skeleton height={16} width="28%" mb={18} />
      {[92, 78, 85, 64].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} mb={12} />
      ))}
    </div>
  )
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  if (isProblem(error, 404)) return <NotFound />
  const retry = () => {
    reset()
    void router.invalidate()
  }
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
