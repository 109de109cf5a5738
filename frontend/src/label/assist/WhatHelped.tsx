import { useTranslation } from 'react-i18next'
import { count, number, percent } from '../../ui/format'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import type { AssistCounts } from './queries'
import { savedText } from './savedText'

type Row = AssistCounts['rows'][number]
type Person = AssistCounts['people'][number]
type T = ReturnType<typeof useTranslation<'label/assist'>>['t']

/** By kind of help what became of it, and by person the time that it saved. */
export function WhatHelped({ counts }: { counts: AssistCounts }) {
  const { t } = useTranslation('label/assist')
  if (counts.rows.length === 0) return <p className="hd-dim">{t('helped.none')}</p>
  return (
    <Section title={t('helped.title')} note={t('helped.note')}>
      <Table
        label={t('helped.title')}
        columns={kindColumns(t)}
        rows={counts.rows}
        rowKey={({ kind }) => kind}
      />
      {counts.people.length > 0 && (
        <Table
          label={t('helped.people')}
          columns={personColumns(t, counts.enough)}
          rows={counts.people}
          rowKey={({ person }) => person}
        />
      )}
    </Section>
  )
}

function kindColumns(t: T): Column<Row>[] {
  const counted = (key: 'offered' | 'unchanged' | 'changed' | 'refused'): Column<Row> => ({
    key,
    head: t(`helped.${key}`),
    cell: (row) => count(row[key]),
    numeric: true,
  })
  return [
    { key: 'kind', head: t('helped.kind'), cell: ({ kind }) => t(`helped.kinds.${kind}`) },
    counted('offered'),
    counted('unchanged'),
    counted('changed'),
    counted('refused'),
    { key: 'share', head: t('helped.share'), cell: ({ share }) => <PartOf part={share} />, numeric: true },
    {
      key: 'saved',
      head: t('helped.saved'),
      cell: ({ saved_seconds: seconds }) => (seconds === null ? '–' : savedText(seconds, t)),
      numeric: true,
    },
  ]
}

function personColumns(t: T, enough: number): Column<Person>[] {
  return [
    { key: 'person', head: t('helped.person'), cell: ({ name }) => name },
    { key: 'taken', head: t('helped.taken'), cell: ({ taken }) => count(taken), numeric: true },
    {
      key: 'byHand',
      head: t('helped.byHand'),
      cell: ({ median_seconds: seconds, drawn }) =>
        seconds === null
          ? t('helped.unknown', { drawn, enough })
          : t('helped.seconds', { n: number(seconds) }),
      numeric: true,
    },
    {
      key: 'saved',
      head: t('helped.saved'),
      cell: ({ saved_seconds: seconds }) => (seconds === null ? '–' : savedText(seconds, t)),
      numeric: true,
    },
  ]
}

type Part = { share: number; low: number; high: number } | null

/** A share with the ends of its 95 % interval. */
export function PartOf({ part }: { part: Part }) {
  if (!part) return <span className="hd-faint">–</span>
  return (
    <span className="hd-num">
      {percent(part.share)}{' '}
      <span className="hd-dim">
        [{percent(part.low)}, {percent(part.high)}]
      </span>
    </span>
  )
}
