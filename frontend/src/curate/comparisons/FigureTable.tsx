import { Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Comparison, EvaluationDetail } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { Delta, Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { OffIcon } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import classes from './FigureTable.module.css'
import type { FigureRow } from './figureRows'
import type { Look } from './lines'
import { moved } from './of'
import { sideName } from './sides'

type Props = {
  rows: FigureRow[]
  evaluations: EvaluationDetail[]
  /** By the evaluation that is compared with the reference. */
  comparisons: ReadonlyMap<number, Comparison>
  setIds: (ids: readonly number[]) => void
  looks: Look[]
}

/** A row per figure and per class, a column per evaluation: its figure, and below it the difference to the reference. */
export function FigureTable({ rows, evaluations, comparisons, setIds, looks }: Props) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const ids = evaluations.map(({ id }) => id)
  const firstClass = rows.findIndex(({ of }) => of)
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={t('compare.table')}>
        <thead>
          <tr>
            <td />
            {evaluations.map((one, at) => (
              <th key={one.id} scope="col">
                <Head
                  evaluation={one}
                  comparison={comparisons.get(one.id)}
                  look={looks[at]!}
                  ids={ids}
                  setIds={setIds}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={row.key} data-part={place === firstClass || undefined}>
              <th scope="row">
                {row.of ? (
                  <ClassName of={row.of} />
                ) : (
                  <Tooltip label={t(`curate/evaluations:figures.${row.figure}`)}>
                    <span>{row.name}</span>
                  </Tooltip>
                )}
              </th>
              {evaluations.map((one, at) => (
                <td key={one.id}>
                  <Figure value={row.value(one)} interval={row.interval(one)} />
                  {at > 0 && <Difference row={row} comparison={comparisons.get(one.id)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Difference({ row, comparison }: { row: FigureRow; comparison: Comparison | undefined }) {
  const delta = row.delta(comparison)
  if (!delta || delta.value === null) return <span className={`${classes.difference} hd-faint`}>·</span>
  return (
    <span className={classes.difference}>
      <Delta
        value={delta.value}
        low={delta.low ?? undefined}
        high={delta.high ?? undefined}
        verdict={delta.verdict}
      />
    </span>
  )
}

type HeadProps = {
  evaluation: EvaluationDetail
  comparison: Comparison | undefined
  look: Look
  ids: number[]
  setIds: (ids: readonly number[]) => void
}

/** Which evaluation, on what, the way to its page and to its comparison, and its place among the others. */
function Head({ evaluation, comparison, look, ids, setIds }: HeadProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const at = ids.indexOf(evaluation.id)
  const name = sideName(evaluation)
  const tool = (label: string, Icon: typeof IconX, next: number[], disabled = false) => (
    <Tooltip label={label}>
      <OffIcon
        size={20}
        aria-label={`${label}: ${name}`}
        off={disabled && t('ui:off.end')}
        onClick={() => setIds(next)}
      >
        <Icon size={13} />
      </OffIcon>
    </Tooltip>
  )
  return (
    <div className={classes.head}>
      <span className={classes.tools}>
        <i style={{ borderColor: look.colour, borderTopStyle: look.dashed ? 'dashed' : 'solid' }} />
        {tool(t('compare.left'), IconChevronLeft, moved(ids, evaluation.id, -1), at === 0)}
        {tool(t('compare.right'), IconChevronRight, moved(ids, evaluation.id, 1), at === ids.length - 1)}
        {tool(
          t('compare.remove'),
          IconX,
          ids.filter((id) => id !== evaluation.id),
        )}
      </span>
      <PathLink href={`/evaluations/${evaluation.id}`}>{name}</PathLink>
      <small>
        {[
          ...evaluation.slices.map((slice) => slice.name),
          evaluation.counts && t('compare.onImages', { n: count(evaluation.counts.images) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
      <small>
        {!evaluation.figures ? (
          <StateMark state={evaluation.state} />
        ) : at === 0 ? (
          t('compare.reference')
        ) : comparison ? (
          <PathLink href={`/comparisons/${comparison.id}`}>{t('compare.openComparison')}</PathLink>
        ) : (
          t('compare.notComputed')
        )}
      </small>
    </div>
  )
}
