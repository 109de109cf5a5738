import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Part } from '../../api/types'
import { Figure } from '../../ui/Figure'
import { count, number, points } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { useFieldWords } from '../analytics/fieldWords'
import { type Asked, narrowed } from './bench'
import { Range, Scale } from './ClassTable'
import classes from './ClassTable.module.css'
import { partsQuery } from './queries'
import { useOnBench } from './useBench'

const SIZE = 'size'
type Verdict = 'tp' | 'fp' | 'fn'

/** By what the evaluation is taken apart: object size, slices, tags, metadata, facts of the picture. */
export function PartChoice() {
  const { t } = useTranslation('curate/diagnosis')
  const { evaluation, bench, set } = useOnBench()
  const { data } = useQuery(partsQuery(evaluation.id, bench))
  const named = usePartWords()
  return (
    <Select
      aria-label={t('parts.by')}
      w={190}
      allowDeselect={false}
      searchable
      data={(data?.choices ?? [bench.by]).map((value) => ({ value, label: named.field(value) }))}
      value={bench.by}
      onChange={(by) => by && set({ by })}
    />
  )
}

/** A row for each part: AP with its interval, and counts at the sliders' point. A row narrows the page to its images. */
export function Parts() {
  const { t } = useTranslation('curate/diagnosis')
  const { evaluation, bench, set, boxes } = useOnBench()
  const { data, error, refetch } = useQuery(partsQuery(evaluation.id, bench))
  const named = usePartWords()
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  const asked = (part: Part): Asked =>
    bench.by === SIZE
      ? { area_from: (part.low ?? 0) ** 2, area_below: part.high === null ? undefined : part.high ** 2 }
      : {}
  const tally = (key: Verdict): Column<Part> => ({
    key,
    head: t(`short.${key}`),
    numeric: true,
    width: 62,
    sort: (part) => part[key],
    cell: (part) => (
      <PathLink
        className={classes.tally}
        data-verdict={part[key] ? key : undefined}
        href={boxes({ verdicts: key, ...asked(part) }, {}, narrowed(bench.q, part.q))}
        aria-label={`${named.part(part, bench.by)}: ${t(`verdicts.${key}`)} ${part[key]}`}
      >
        {count(part[key])}
      </PathLink>
    ),
  })
  const figure = (key: 'AP50' | 'AR' | 'precision' | 'recall' | 'f1', head: string): Column<Part> => ({
    key,
    head,
    numeric: true,
    width: 78,
    sort: (part) => part[key],
    cell: (part) => points(part[key]),
  })
  const whole = (key: 'images' | 'boxes', head: string): Column<Part> => ({
    key,
    head,
    numeric: true,
    width: 74,
    sort: (part) => part[key],
    cell: (part) => count(part[key]),
  })
  const columns: Column<Part>[] = [
    { key: 'part', head: named.field(bench.by), cell: (part) => named.part(part, bench.by) },
    {
      key: 'AP',
      head: 'mAP',
      numeric: true,
      width: 110,
      sort: (part) => part.AP,
      cell: (part) => <Figure value={part.AP} interval={part.interval} />,
    },
    { key: 'range', head: <Scale />, width: 170, cell: (part) => <Range {...part} /> },
    bench.by === SIZE ? figure('AR', 'AR100') : figure('AP50', 'mAP50'),
    whole('images', t('images')),
    whole('boxes', t('boxesHead')),
    tally('tp'),
    tally('fp'),
    tally('fn'),
    figure('precision', t('precision')),
    figure('recall', t('recall')),
    figure('f1', 'F1'),
  ]
  return (
    <Table
      label={t('parts.title')}
      columns={columns}
      rows={data?.by === bench.by ? data.parts : undefined}
      rowKey={(part) => `${part.q} ${part.low}`}
      onOpen={bench.by === SIZE ? undefined : (part) => set({ q: narrowed(bench.q, part.q) }, false)}
      empty={t('parts.none')}
    />
  )
}

/** Fields and parts in words of the page. */
export function usePartWords() {
  const { t } = useTranslation('curate/diagnosis')
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
