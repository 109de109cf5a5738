import { Button } from '@mantine/core'
import { IconPhotoPlus, IconPhotoSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/EmptyState'
import { ProblemNote } from '../../ui/ProblemNote'
import type { ImageList } from './queries'

/** Nothing to show: no image matches, or there is none yet. */
export function NoImages({ list, clear }: { list: ImageList; clear: () => void }) {
  const { t } = useTranslation('curate/grid')
  if (list.q) return <NoMatch title={t('noMatch.title')} text={t('noMatch.text')} clear={clear} />
  return (
    <EmptyState
      icon={<IconPhotoPlus size={30} stroke={1.4} />}
      title={t('noImages.title')}
      action={
        <Button variant="filled" component={Link} to={`/datasets/${list.dataset}/imports`}>
          {t('noImages.import')}
        </Button>
      }
    >
      {t('noImages.text')}
    </EmptyState>
  )
}

/** The same of objects; the way out is to let go of what was asked. */
export function NoObjects({ asked, clear }: { asked: boolean; clear: () => void }) {
  const { t } = useTranslation('curate/grid')
  if (asked) return <NoMatch title={t('noObject.title')} text={t('noObject.text')} clear={clear} />
  return (
    <EmptyState icon={<IconPhotoSearch size={30} stroke={1.4} />} title={t('noObjects.title')}>
      {t('noObjects.text')}
    </EmptyState>
  )
}

function NoMatch({ title, text, clear }: { title: string; text: string; clear: () => void }) {
  const { t } = useTranslation('curate/grid')
  return (
    <EmptyState
      icon={<IconPhotoSearch size={30} stroke={1.4} />}
      title={title}
      action={
        <Button variant="filled" onClick={clear}>
          {t('noMatch.clear')}
        </Button>
      }
    >
      {text}
    </EmptyState>
  )
}

/** The list could not be read: the query line is wrong, or the server said no. */
export function BadList({
  error,
  clear,
  hasQuery,
}: {
  error: unknown
  clear: () => void
  hasQuery: boolean
}) {
  const { t } = useTranslation('curate/grid')
  return (
    <div style={{ padding: 18 }}>
      <ProblemNote error={error} />
      {hasQuery && (
        <Button mt={12} onClick={clear}>
          {t('noMatch.clear')}
        </Button>
      )}
    </div>
  )
}
