import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { AtPoint, DatasetClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { WalkedTable } from '../../ui/WalkedTable'
import classes from './ConfusionMatrix.module.css'
import { cellAsked } from './controls'
import { atQuery } from './queries'
import { rowShares } from './rowShares'
import { useEvaluationControls } from './useControls'

/** A class, or null for the background. */
type Side = Pick<DatasetClass, 'id' | 'name'> & Partial<Pick<DatasetClass, 'colour'>>

/**
 * What each labelled class was taken for. A cell's colour is its share of its row; each number is a link to exactly
 * these boxes. Arrow keys walk the cells.
 */
export function ConfusionMatrix() {
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(atQuery(evaluation.id, controls))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={320} />
  return <Matrix confusion={data.confusion} />
}

function Matrix({ confusion }: { confusion: AtPoint['confusion'] }) {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation } = useEvaluationControls()
  const known = useClasses(evaluation.dataset)
  const sides: (Side | null)[] = [
    ...confusion.class_ids.map((id) => known.get(id) ?? { id, name: `#${id}` }),
    null,
  ]
  const shares = rowShares(confusion.matrix)
  return (
    <div className={classes.scroll}>
      <WalkedTable label={t('confusionWhat')} className={classes.matrix}>
        <ConfusionHead sides={sides} />
        <tbody>
          {confusion.matrix.map((row, g) => (
            <tr key={sides[g]?.name ?? ''}>
              <TruthHead side={sides[g] ?? null} />
              {row.map((boxes, p) => (
                <Cell
                  key={sides[p]?.name ?? ''}
                  boxes={boxes}
                  share={shares[g]![p]!}
                  truth={sides[g] ?? null}
                  predicted={sides[p] ?? null}
                  first={g === 0 && p === 0}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </WalkedTable>
    </div>
  )
}

/** The predicted classes above the columns, the background last. */
export function ConfusionHead({ sides }: { sides: readonly (Side | null)[] }) {
  const { t } = useTranslation('curate/evaluations')
  return (
    <thead>
      <tr>
        <td className={classes.corner}>
          <span>{t('labelled')} ↓</span>
          <span>{t('predicted')} →</span>
        </td>
        {sides.map((side) => (
          <th key={side?.id ?? 0} scope="col" data-background={!side || undefined}>
            <span>{side?.name ?? t('missedColumn')}</span>
            <i style={{ background: side?.colour }} />
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** The labelled class before its row, the background's last. */
export function TruthHead({ side }: { side: Side | null }) {
  const { t } = useTranslation('curate/evaluations')
  return (
    <th scope="row" data-background={!side || undefined}>
      <i style={{ background: side?.colour }} />
      {side?.name ?? t('backgroundRow')}
    </th>
  )
}

type CellProps = {
  boxes: number
  share: number
  truth: Side | null
  predicted: Side | null
  first: boolean
}

function Cell({ boxes, share, truth, predicted, first }: CellProps) {
  const { t } = useTranslation('curate/evaluations')
  const address = useEvaluationControls().boxes
  const kind = !truth ? 'fp' : !predicted ? 'fn' : truth.name === predicted.name ? 'tp' : 'confused'
  if (!truth && !predicted) return <td />
  const label = t(`cell.${kind}`, { n: count(boxes), truth: truth?.name, predicted: predicted?.name })
  return (
    <td>
      <PathLink
        href={address(cellAsked(truth?.id ?? null, predicted?.id ?? null))}
        className={classes.cell}
        data-kind={kind}
        data-cell={`${truth?.name ?? ''}→${predicted?.name ?? ''}`}
        data-empty={boxes === 0 || undefined}
        style={{ '--share': share } as CSSProperties}
        tabIndex={first ? 0 : -1}
        title={label}
      >
        <span className="hd-hidden">{label}</span>
        <span aria-hidden>{boxes === 0 ? '·' : count(boxes)}</span>
      </PathLink>
    </td>
  )
}
