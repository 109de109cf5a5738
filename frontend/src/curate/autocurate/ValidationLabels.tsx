import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, ScoredCell, ValidationTable } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { Delta, Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { toastProblem } from '../../ui/toast'
import { TwoByTwo } from '../comparisons/TwoByTwo'
import { comparisonQuery, useStartComparison, useStartEvaluation } from '../evaluations/queries'
import { validationQuery } from './queries'
import classes from './SelfTest.module.css'

/**
 * Of a search in a validation slice: checkpoints on its old and on its new labels, before anything else. A change of
 * these labels changes the measure, and not the network.
 */
export function ValidationLabels({ run }: { run: AutoCurateDetail }) {
  const { data } = useQuery(validationQuery(run.id))
  return data?.tables.map((table) => <OfSlice key={table.slice.id} run={run} table={table} />)
}

function OfSlice({ run, table }: { run: AutoCurateDetail; table: ValidationTable }) {
  const { t } = useTranslation('curate/autocurate')
  const { slice, images, rows, changed } = table
  return (
    <Section
      title={t('validation.title', { slice: slice.name })}
      note={t('validation.note', { images: count(images) })}
      actions={rows.length > 0 && <Compute run={run} table={table} />}
    >
      <p className={classes.lead}>
        {t('validation.meaning')}{' '}
        {!changed && <span className="hd-dim">{t('validation.unchanged', { n: table.old_revision })}</span>}
      </p>
      {rows.length === 0 ? <p className="hd-dim">{t('validation.nobody')}</p> : <Differences table={table} />}
    </Section>
  )
}

/** With all four differences once they are computed; before that the cells that there are. */
function Differences({ table }: { table: ValidationTable }) {
  const { t } = useTranslation('curate/autocurate')
  const { data } = useQuery({ ...comparisonQuery(table.comparison ?? 0), enabled: table.comparison !== null })
  if (!data?.table || table.rows.length < 2)
    return <Cells table={table} down={data?.table?.down?.b ?? undefined} />
  return (
    <>
      <TwoByTwo table={data.table} />
      <PathLink href={`/comparisons/${data.id}`}>{t('validation.comparison')}</PathLink>
    </>
  )
}

type Down = Parameters<typeof Delta>[0]

function Cells({ table, down }: { table: ValidationTable; down?: Down }) {
  const { t } = useTranslation('curate/autocurate')
  const { rows, changed, old_revision, new_revision } = table
  return (
    <table className={classes.cells} aria-label={t('validation.table')}>
      <thead>
        <tr>
          <th scope="col">{t('validation.checkpoint')}</th>
          <th scope="col">{t('validation.old', { n: old_revision })}</th>
          {changed && <th scope="col">{t('validation.new', { n: new_revision })}</th>}
          {down && <th scope="col">{t('validation.byLabels')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.prediction_set}>
            <th scope="row">{row.name}</th>
            <Cell of={row.old} />
            {changed && <Cell of={row.new} />}
            {down && (
              <td>
                <Delta {...down} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({ of }: { of: ScoredCell | null }) {
  const { t } = useTranslation('curate/autocurate')
  if (!of) return <td className="hd-faint">{t('validation.missing')}</td>
  return (
    <td>
      {of.state === 'succeeded' ? (
        <PathLink href={`/evaluations/${of.evaluation}`}>
          <Figure value={of.AP} interval={of.interval} />
        </PathLink>
      ) : (
        <StateMark state={of.state} />
      )}
    </td>
  )
}

/** Asks for what is missing: first the cells, then their differences. */
function Compute({ run, table }: { run: AutoCurateDetail; table: ValidationTable }) {
  const { t } = useTranslation('curate/autocurate')
  const queries = useQueryClient()
  const evaluate = useStartEvaluation(run.dataset)
  const compare = useStartComparison(run.dataset)
  const reviews = useMay(run.dataset, 'reviewer')
  const again = () => queries.invalidateQueries({ queryKey: validationQuery(run.id).queryKey })
  const missing = missingCells(table)
  const [a, b] = [table.rows[0]?.old, table.rows.at(-1)?.new]
  const ready = a?.state === 'succeeded' && b?.state === 'succeeded'
  const off = { disabled: !reviews, title: reviews ? undefined : t('validation.forReviewers') }
  if (missing.length > 0)
    return (
      <Button
        {...off}
        loading={evaluate.isPending}
        onClick={() =>
          void Promise.all(
            missing.map(({ prediction_set, revision }) =>
              evaluate.mutateAsync({ prediction_set, revision, slice: table.slice.id }),
            ),
          )
            .catch(toastProblem)
            .finally(again)
        }
      >
        {t('validation.compute', { count: missing.length })}
      </Button>
    )
  if (!table.changed || table.comparison !== null || !ready || !a || !b) return null
  return (
    <Button
      {...off}
      loading={compare.isPending}
      onClick={() =>
        compare.mutate({ a: a.evaluation, b: b.evaluation }, { onSuccess: again, onError: toastProblem })
      }
    >
      {t('validation.differences')}
    </Button>
  )
}

/** Cells that nobody has asked for; where no label changed, the new ones are the old ones. */
export function missingCells(table: ValidationTable): { prediction_set: number; revision: number }[] {
  return table.rows.flatMap(({ prediction_set, old, new: now }) => [
    ...(old ? [] : [{ prediction_set, revision: table.old_revision }]),
    ...(now || !table.changed ? [] : [{ prediction_set, revision: table.new_revision }]),
  ])
}
