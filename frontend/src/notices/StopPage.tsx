import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { csrfToken, get, post } from '../api/client'
import { ProblemNote } from '../ui/ProblemNote'
import classes from './StopPage.module.css'

/** Where the link in a mail leads that ends them. A button, since mail programs open links by themselves. */
export function StopPage() {
  const { t } = useTranslation('notices')
  const stop = useMutation({
    mutationFn: async () => {
      if (!csrfToken()) await get('auth/me', {}).catch(() => undefined)
      return post('notices/stop', { token: decodeURIComponent(window.location.hash.slice(1)) })
    },
  })
  return (
    <main className={classes.page} id="main">
      <h1>{t('stop.title')}</h1>
      {stop.isSuccess ? (
        <p role="status">{t('stop.done')}</p>
      ) : (
        <>
          <p>{t('stop.what')}</p>
          <Button variant="filled" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('stop.verb')}
          </Button>
        </>
      )}
      {stop.isError && <ProblemNote error={stop.error} />}
    </main>
  )
}
