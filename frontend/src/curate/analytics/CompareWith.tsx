import { ActionIcon, Button, Select, Tooltip } from '@mantine/core'
import { IconArrowsLeftRight, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSlices } from '../../dataset/queries'
import { sliceClause } from '../../dataset/query/queryText'
import { QueryLine } from '../grid/QueryLine'
import classes from './Analytics.module.css'
import { ALL, type AnalyticsSearch, type SetAnalytics } from './useAnalyticsSearch'

type Props = { dataset: number; search: AnalyticsSearch; setSearch: SetAnalytics }

/** Chooses the other images: all, all the others, a slice; any of them can then be made another query. */
export function CompareWith({ dataset, search, setSearch }: Props) {
  const { t } = useTranslation('curate/analytics')
  const slices = useSlices(dataset).data ?? []
  const rest = search.q.trim() ? `not (${search.q.trim()})` : null
  const choices = [
    ...(search.q.trim() ? [{ value: ALL, label: t('compare.all') }] : []),
    ...(rest ? [{ value: rest, label: t('compare.rest') }] : []),
    ...slices.map(({ name }) => ({ value: sliceClause(name), label: name })),
  ]
  return (
    <Select
      className={classes.compare}
      aria-label={t('compare.with')}
      placeholder={t('compare.with')}
      nothingFoundMessage={t('compare.noSlice')}
      data={choices}
      searchable={choices.length > 8}
      value={null}
      onChange={(vs) => vs !== null && setSearch({ vs })}
    />
  )
}

/** The second query line, under the first one's place, while two sets are compared. */
export function OtherLine({ dataset, search, setSearch }: Props) {
  const { t } = useTranslation('curate/analytics')
  if (search.vs === null) return null
  const swap = () => setSearch({ q: search.vs ?? '', vs: search.q.trim() || ALL })
  return (
    <div className={classes.other}>
      <span className={classes.sideName}>
        <i data-side={1} />
        {t('compare.to')}
      </span>
      <QueryLine
        filter={{ dataset, q: search.vs, evaluation: search.evaluation }}
        apply={(vs) => setSearch({ vs: vs || ALL })}
      />
      <Tooltip label={t('compare.swap')}>
        <ActionIcon aria-label={t('compare.swap')} onClick={swap}>
          <IconArrowsLeftRight size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Button leftSection={<IconX size={14} />} onClick={() => setSearch({ vs: undefined })}>
        {t('compare.stop')}
      </Button>
    </div>
  )
}
