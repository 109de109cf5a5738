import { Menu } from '@mantine/core'
import { type CSSProperties, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Changes, Comparison, DatasetClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { WalkedTable } from '../../ui/WalkedTable'
import { ConfusionHead, TruthHead } from '../evaluations/ConfusionMatrix'
import matrixClasses from '../evaluations/ConfusionMatrix.module.css'
import { cellAddress } from './addresses'
import classes from './ConfusionDifference.module.css'
import { signedCount, strengths } from './differences'

type Props = { comparison: Comparison; confusion: Changes['confusion'] }
type Cell = { g: number; p: number; element: HTMLElement }

/**
 * Later minus earlier, cell by cell, on the same labels. Teal is better (more on the diagonal, fewer off it), magenta
 * worse; the number has its sign. A cell offers the boxes of both. Arrow keys walk.
 */
export function ConfusionDifference({ comparison, confusion }: Props) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const known = useClasses(comparison.dataset)
  const place = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<Cell | null>(null)
  const sides = [
    ...confusion.class_ids.map((id) => known.get(id) ?? { id, name: `#${id}`, colour: '' }),
    null,
  ]
  const strength = strengths(confusion.a, confusion.b)
  const close = () => {
    open?.element.focus()
    setOpen(null)
  }
  return (
    <div className={matrixClasses.scroll}>
      <div className={classes.place} ref={place}>
        <WalkedTable label={t('compare.confusionWhat')} className={matrixClasses.matrix}>
          <ConfusionHead sides={sides} />
          <tbody>
            {sides.map((truth, g) => (
              <tr key={truth?.id ?? 0}>
                <TruthHead side={truth} />
                {sides.map((predicted, p) => (
                  <DifferenceCell
                    key={predicted?.id ?? 0}
                    truth={truth}
                    predicted={predicted}
                    before={confusion.a[g]![p]!}
                    after={confusion.b[g]![p]!}
                    strength={strength[g]![p]!}
                    first={g === 0 && p === 0}
                    open={(element) => setOpen({ g, p, element })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </WalkedTable>
        {open && (
          <Menu
            key={`${open.g} ${open.p}`}
            opened
            onChange={(next) => !next && close()}
            position="bottom"
            withinPortal
            shadow="md"
          >
            <Menu.Target>
              <span className={classes.anchor} style={boundsOf(open.element, place.current)} />
            </Menu.Target>
            <Behind comparison={comparison} confusion={confusion} cell={open} sides={sides} />
          </Menu>
        )}
      </div>
    </div>
  )
}

type Of = Pick<DatasetClass, 'id' | 'name' | 'colour'> | null

type CellProps = {
  truth: Of
  predicted: Of
  before: number
  after: number
  strength: number
  first: boolean
  open: (element: HTMLElement) => void
}

function DifferenceCell({ truth, predicted, before, after, strength, first, open }: CellProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  if (!truth && !predicted) return <td />
  const label = t(`compare.cell.${kindOf(truth, predicted)}`, {
    truth: truth?.name,
    predicted: predicted?.name,
    before: count(before),
    after: count(after),
    difference: signedCount(after - before),
  })
  return (
    <td>
      <button
        type="button"
        className={`${matrixClasses.cell} ${classes.cell}`}
        data-cell={`${truth?.name ?? ''}→${predicted?.name ?? ''}`}
        data-better={strength > 0 || undefined}
        data-worse={strength < 0 || undefined}
        data-empty={(before === 0 && after === 0) || undefined}
        style={{ '--share': Math.abs(strength) } as CSSProperties}
        tabIndex={first ? 0 : -1}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        onClick={(event) => open(event.currentTarget)}
      >
        {before === after ? (before ? '0' : '·') : signedCount(after - before)}
      </button>
    </td>
  )
}

type BehindProps = Props & { cell: Cell; sides: Of[] }

/** The two ways on from a cell. */
function Behind({ comparison, confusion, cell, sides }: BehindProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const [truth, predicted] = [sides[cell.g] ?? null, sides[cell.p] ?? null]
  return (
    <Menu.Dropdown>
      <Menu.Label>
        {truth?.name ?? t('curate/evaluations:backgroundRow')} →{' '}
        {predicted?.name ?? t('curate/evaluations:missedColumn')}
      </Menu.Label>
      {(['b', 'a'] as const).map((side) => {
        const boxes = confusion[side][cell.g]![cell.p]!
        return (
          <Menu.Item
            key={side}
            component={PathLink}
            href={cellAddress(comparison, side, truth?.id ?? null, predicted?.id ?? null)}
            disabled={boxes === 0}
          >
            {t(`compare.open.${side}`, { count: boxes, n: count(boxes) })}
          </Menu.Item>
        )
      })}
    </Menu.Dropdown>
  )
}

function kindOf(truth: Of, predicted: Of) {
  if (!truth) return 'fp'
  if (!predicted) return 'fn'
  return truth.id === predicted.id ? 'tp' : 'confused'
}

/** Where a cell stands in the frame of the matrix. */
function boundsOf(element: HTMLElement, frame: HTMLElement | null): CSSProperties {
  const [cell, around] = [element.getBoundingClientRect(), frame?.getBoundingClientRect()]
  const { width, height } = cell
  return { left: cell.left - (around?.left ?? 0), top: cell.top - (around?.top ?? 0), width, height }
}
