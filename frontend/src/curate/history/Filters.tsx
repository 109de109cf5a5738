import { Checkbox, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { datasetsQuery, slicesQuery } from '../../dataset/queries'
import classes from './History.module.css'
import { CLASS_FIGURES, FIGURES, type FigureKey } from './panels'
import type { HistorySearch, SetSearch } from './useHistorySearch'

/** Which evaluations, which figure of them, and in which order. */
export function Filters({ search, set }: { search: HistorySearch; set: SetSearch }) {
  const { t } = useTranslation('curate/history')
  const datasets = useQuery(datasetsQuery(search.project)).data?.items ?? []
  const slices = useQuery({ ...slicesQuery(search.dataset ?? 0), enabled: !!search.dataset }).data ?? []
  const names = [
    ...new Set(
      datasets
        .filter(({ id }) => !search.dataset || id === search.dataset)
        .flatMap((one) => one.classes.map(({ name }) => name)),
    ),
  ]
  const number = (value: string | null) => (value ? Number(value) : undefined)
  return (
    <div className={classes.filters}>
      {(datasets.length > 1 || search.dataset) && (
        <Select
          aria-label={t('dataset')}
          w={170}
          clearable
          placeholder={t('allDatasets')}
          data={datasets.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={search.dataset ? String(search.dataset) : null}
          onChange={(value) => set({ dataset: number(value), slice: undefined })}
        />
      )}
      {search.dataset && (
        <Select
          aria-label={t('slice')}
          w={170}
          clearable
          searchable
          placeholder={t('allSlices')}
          data={slices.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={search.slice ? String(search.slice) : null}
          onChange={(value) => set({ slice: number(value) })}
        />
      )}
      <Select
        aria-label={t('figure')}
        w={150}
        data={(search.class ? CLASS_FIGURES : FIGURES).map((value) => ({
          value,
          label: t(`figures.${value}`),
        }))}
        value={search.figure}
        onChange={(value) => set({ figure: value as FigureKey })}
      />
      <Select
        aria-label={t('class')}
        w={150}
        clearable
        searchable
        placeholder={t('allClasses')}
        data={names}
        value={search.class}
        onChange={(value) => set({ class: value })}
      />
      <SegmentedControl
        aria-label={t('order')}
        value={search.order}
        onChange={(order) => set({ order })}
        data={(['time', 'lineage'] as const).map((value) => ({ value, label: t(`orders.${value}`) }))}
      />
      <Checkbox
        label={t('every')}
        title={t('everyWhat')}
        checked={search.every}
        onChange={(event) => set({ every: event.currentTarget.checked })}
      />
    </div>
  )
}
