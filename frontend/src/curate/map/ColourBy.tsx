import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useDataset, useSlices } from '../../dataset/queries'
import { evaluationNamesQuery } from '../grid/queries'
import classes from './MapPage.module.css'

type Props = { dataset: number; by: string; set: (by: string | undefined) => void }

/** What the points are coloured by: everything that images can be told apart by. */
export function ColourBy({ dataset, by, set }: Props) {
  const { t } = useTranslation('curate/map')
  const keys = useDataset(dataset).data?.metadata_keys ?? []
  const slices = useSlices(dataset).data ?? []
  const evaluations = useQuery(evaluationNamesQuery(dataset)).data ?? []
  const groups = [
    {
      group: t('by.image'),
      items: [
        { value: 'class', label: t('by.class') },
        { value: 'sequence', label: t('by.sequence') },
      ],
    },
    { group: t('by.metadata'), items: keys.map((key) => ({ value: `metadata:${key}`, label: key })) },
    { group: t('by.slice'), items: slices.map(({ id, name }) => ({ value: `slice:${id}`, label: name })) },
    {
      group: t('by.evaluation'),
      items: evaluations.map(({ id, name }) => ({ value: `evaluation:${id}`, label: name })),
    },
  ]
  return (
    <Select
      className={classes.by}
      aria-label={t('by.label')}
      data={groups.filter(({ items }) => items.length > 0)}
      value={by}
      searchable
      onChange={(next) => set(next === null || next === 'class' ? undefined : next)}
    />
  )
}
