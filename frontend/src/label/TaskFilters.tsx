import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { membersQuery } from '../accounts/members'
import type { Batch } from '../api/types'
import { useDataset } from '../dataset/queries'
import { personName } from '../ui/format'
import classes from './BatchPage.module.css'
import type { TaskSearch } from './taskSearch'

type Props = { batch: Batch; wanted: TaskSearch; change: (part: Partial<TaskSearch>) => void }

/** Which tasks are shown, besides their state: by person, by issues, by what review did with them. */
export function TaskFilters({ batch, wanted, change }: Props) {
  const { t } = useTranslation('label')
  const project = useDataset(batch.dataset).data?.project
  const members = useQuery({ ...membersQuery(project ?? 0), enabled: project !== undefined }).data ?? []
  const people = members.map(({ user }) => ({ value: String(user.id), label: personName(user) }))
  const some = wanted.person !== undefined || wanted.issues || wanted.review
  return (
    <div className={classes.filters}>
      <Select
        size="xs"
        w={150}
        clearable
        aria-label={t('review.filter.person')}
        placeholder={t('review.filter.anybody')}
        value={wanted.person === undefined ? null : String(wanted.person)}
        data={[{ value: '0', label: t('review.filter.nobody') }, ...people]}
        onChange={(value) => change({ person: value === null ? undefined : Number(value) })}
      />
      <Select
        size="xs"
        w={150}
        clearable
        aria-label={t('review.filter.issues')}
        placeholder={t('review.filter.allIssues')}
        value={wanted.issues ?? null}
        data={(['open', 'any', 'none'] as const).map((value) => ({
          value,
          label: t(`review.filter.${value}`),
        }))}
        onChange={(value) => change({ issues: (value as TaskSearch['issues']) ?? undefined })}
      />
      {batch.review && (
        <Select
          size="xs"
          w={160}
          clearable
          aria-label={t('review.filter.review')}
          placeholder={t('review.filter.allReview')}
          value={wanted.review ?? null}
          data={(['sent_back', 'reviewed', 'unreviewed'] as const).map((value) => ({
            value,
            label: t(`review.filter.${value}`),
          }))}
          onChange={(value) => change({ review: (value as TaskSearch['review']) ?? undefined })}
        />
      )}
      {some && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => change({ person: undefined, issues: undefined, review: undefined })}
        >
          {t('review.filter.clear')}
        </Button>
      )}
    </div>
  )
}
