import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportProblem, ImportReport } from '../../api/types'
import { count } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import classes from './ImportView.module.css'
import type en from './locales/en.json'
import { type ActionFilter, matching } from './problems'

const STEP = 200

type Props = { problems: ImportProblem[]; total: number; kinds: ImportReport['kinds'] }

/** What was skipped or repaired, where and why. Nothing is dropped in silence. */
export function ProblemsTable({ problems, total, kinds }: Props) {
  const { t, i18n } = useTranslation('dataset/imports')
  const [text, setText] = useState('')
  const [action, setAction] = useState<ActionFilter>('all')
  const [kind, setKind] = useState('')
  const [limit, setLimit] = useState(STEP)
  if (total === 0) return <p className="hd-dim">{t('noProblems')}</p>
  const found = matching(problems, action, kind, text)
  const columns: Column<ImportProblem & { n: number }>[] = [
    { key: 'action', head: t('action'), width: 96, cell: (one) => t(`actions.${one.action}`) },
    {
      key: 'file',
      head: t('file'),
      width: '30%',
      cell: (one) => <span className={classes.file}>{one.file}</span>,
    },
    {
      key: 'where',
      head: t('where'),
      width: 110,
      cell: (one) => <span className="hd-num hd-dim">{where(one, t)}</span>,
    },
    {
      key: 'reason',
      head: t('reason'),
      cell: (one) => <Reason of={one} inEnglish={i18n.language === 'en'} />,
    },
  ]
  return (
    <section className={classes.problems}>
      <div className={classes.filters}>
        <h3>{t('problems', { count: total, n: count(total) })}</h3>
        <SegmentedControl
          aria-label={t('action')}
          value={action}
          onChange={setAction}
          data={(['all', 'skipped', 'repaired', 'kept'] as const).map((value) => ({
            value,
            label: t(`actions.${value}`),
          }))}
        />
        <Select
          aria-label={t('kind')}
          placeholder={t('kind')}
          clearable
          w={260}
          value={kind || null}
          onChange={(value) => setKind(value ?? '')}
          data={[...new Set(kinds.map((one) => one.kind))].map((value) => ({
            value,
            label: `${t(`kinds.${value as Kind}`)} (${count(entriesOf(kinds, value))})`,
          }))}
        />
        <TextInput
          placeholder={t('filterProblems')}
          aria-label={t('filterProblems')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Table
        label={t('problems', { count: total, n: count(total) })}
        columns={columns}
        rows={found.slice(0, limit)}
        rowKey={(one) => one.n}
        empty={t('noSuchProblem')}
      />
      {found.length > limit && (
        <Button mt={10} onClick={() => setLimit(limit + STEP)}>
          {t('moreProblems', { n: count(found.length - limit) })}
        </Button>
      )}
      {total > problems.length && (
        <p className={classes.more}>{t('firstProblems', { n: count(problems.length) })}</p>
      )}
    </section>
  )
}

type Kind = keyof typeof en.kinds

/** The server's sentence, which is in English; in another language its kind goes before it, in the page's words. */
function Reason({ of: one, inEnglish }: { of: ImportProblem; inEnglish: boolean }) {
  const { t } = useTranslation('dataset/imports')
  if (inEnglish) return one.reason
  return (
    <>
      <div>{t(`kinds.${one.kind as Kind}`)}</div>
      <div className="hd-dim" lang="en">
        {one.reason}
      </div>
    </>
  )
}

/** How many entries of a kind the complete report has. */
function entriesOf(kinds: ImportReport['kinds'], kind: string): number {
  return kinds.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.entries, 0)
}

function where(
  one: ImportProblem,
  t: (key: 'line' | 'record', values: Record<string, unknown>) => string,
): string {
  if (one.line != null) return t('line', { n: one.line })
  return one.record != null ? t('record', { n: one.record }) : ''
}
