import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Part } from '../../api/types'
import { countColumn, pointsColumn } from '../../ui/columns'
import { number } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { useFieldWords } from '../analytics/fieldWords'
import { type Asked, narrowed } from './controls'
import { partsQuery } from './queries'
import { useEvaluationControls } from './useControls'
import { averageColumns, useRateColumns, useTallyColumns } from './verdictColumns'

const SIZE = 'size'

/** By what the evaluation is taken apart: object size, slices, tags, metadata, facts of the picture. */
export function PartChoice() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set } = useEvaluationControls()
  const { data } = useQuery(partsQuery(evaluation.id, controls))
  const named = usePartWords()
  return (
    <Select
      aria-label={t('parts.by')}
      w={190}
      allowDeselect={false}
      searchable
      data={(data?.choices ?? [controls.by]).map((value) => ({ value, label: named.field(value) }))}
      value={controls.by}
      onChange={(by) => by && set({ by })}
    />
  )
}

/** A row for each part: AP with its interval, and counts at the sliders' point. A row narrows the page to its images. */
export function Parts() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set, boxes } = useEvaluationControls()
  const { data, error, refetch } = useQuery(partsQuery(evaluation.id, controls))
  const named = usePartWords()
  const asked = (part: Part): Asked =>
    controls.by === SIZE
      ? { area_from: (part.low ?? 0) ** 2, area_below: part.high === null ? undefined : part.high ** 2 }
      : {}
  const tallies = useTallyColumns<Part>(
    (part) => named.part(part, controls.by),
    (part, verdict) => boxes({ verdicts: verdict, ...asked(part) }, {}, narrowed(controls.q, part.q)),
  )
  const rates = useRateColumns()
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  const columns: Column<Part>[] = [
    { key: 'part', head: named.field(controls.by), cell: (part) => named.part(part, controls.by) },
    ...averageColumns('mAP'),
    controls.by === SIZE ? pointsColumn('AR', 'AR100') : pointsColumn('AP50', 'mAP50'),
    countColumn('images', t('images')),
    countColumn('boxes', t('boxesHead')),
    ...tallies,
    ...rates,
  ]
  return (
    <Table
      label={t('parts.title')}
      columns={columns}
      rows={data?.by === controls.by ? data.parts : undefined}
      rowKey={(part) => `${part.q} ${part.low}`}
      onOpen={controls.by === SIZE ? undefined : (part) => set({ q: narrowed(controls.q, part.q) }, false)}
      empty={t('parts.none')}
    />
  )
}

/** Fields and parts in words of the page. */
export function usePartWords() {
  const { t } = useTranslation('curate/evaluations')
  const words = useFieldWords()
  const field = (name: string) =>
    ['size', 'slice', 'tag', 'cluster'].includes(name) ? t(`parts.field.${name}`) : words.field(name)
  const part = (of: Pick<Part, 'label' | 'low' | 'high'>, name: string) => {
    if (name !== SIZE || of.low === null) return words.head(of, name)
    return of.high === null
      ? t('parts.sizeFrom', { low: number(of.low) })
      : t('parts.sizeBand', { low: number(of.low), high: number(of.high) })
  }
  return { field, part }
}
