import { Button, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Merged as MergeAnswer } from '../../api/types'
import { count } from '../../ui/format'

/** What came of it, and the way to it. */
export function Merged({ made, close }: { made: MergeAnswer; close: () => void }) {
  const { t } = useTranslation('label')
  const { revision: number, counts, batch } = made
  const [added, changed, removed] = [count(counts.added), count(counts.changed), count(counts.removed)]
  if (number === null) return <p>{t('merge.nothing')}</p>
  return (
    <>
      <p>
        {t('merge.done', { number, added, changed, removed })}{' '}
        <span className="hd-dim">{t('merge.doneNote')}</span>
      </p>
      <Group justify="flex-end" mt={18}>
        <Button onClick={close}>{t('ui:close')}</Button>
        <Button component={Link} to={`/datasets/${batch.dataset}/revisions/${number}`}>
          {t('merge.open', { number })}
        </Button>
        <Button variant="filled" component={Link} to={`/model/${batch.dataset}/new`} data-autofocus>
          {t('merge.train')}
        </Button>
      </Group>
    </>
  )
}
