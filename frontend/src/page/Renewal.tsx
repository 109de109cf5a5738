import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isReplaced } from '../api/build'
import { ProblemNote } from '../ui/ProblemNote'
import { renew } from './codeMissing'
import { RoutePending } from './RoutePending'

type Props = { error: unknown; retry: () => void }

/** Stands where a page's code could not be fetched. After an update it loads the page anew; else it says what is wrong. */
export function Renewal({ error, retry }: Props) {
  const { t } = useTranslation('ui')
  const [found, setFound] = useState<unknown>(null)
  useEffect(() => {
    isReplaced().then((replaced) => {
      if (!replaced) setFound(error)
      else if (!renew()) setFound(new Error(t('problem.newVersion')))
    }, setFound)
  }, [error, t])
  if (found === null) return <RoutePending />
  return (
    <div style={{ maxWidth: 560, padding: 18 }}>
      <ProblemNote error={found} retry={retry} />
    </div>
  )
}
