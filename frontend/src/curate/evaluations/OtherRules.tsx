import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OtherRule } from '../../api/types'
import { count, points, signedPoints } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { otherRulesQuery } from './queries'
import { useEvaluationControls } from './useControls'

/** The same boxes as other tools and benchmarks count them, and why their number is another. */
export function OtherRules() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(otherRulesQuery(evaluation.id, controls.q))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  const figure = (key: 'AP' | 'AP50', head: string): Column<OtherRule> => ({
    key,
    head,
    numeric: true,
    width: 76,
    cell: (row) => points(row[key]),
  })
  const why = ({ rule, beyond, causes }: OtherRule) =>
    [
      ...(causes.length > 0
        ? causes.map(({ cause, effect }) => t(`rules.cause.${cause}`, { effect: signedPoints(effect) }))
        : [t(`rules.why.${rule}`)]),
      ...(beyond > 0 ? [t('rules.beyond', { n: count(beyond) })] : []),
    ].join(' ')
  return (
    <Table
      label={t('rules.title')}
      columns={[
        { key: 'rule', head: t('rules.rule'), width: 120, cell: ({ rule }) => t(`rules.name.${rule}`) },
        figure('AP', 'mAP'),
        figure('AP50', 'mAP50'),
        { key: 'why', head: '', cell: (row) => <span className="hd-dim">{why(row)}</span> },
      ]}
      rows={data}
      rowKey={({ rule }) => rule}
    />
  )
}
