import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Analytics.module.css'
import { type Mark, shareText } from './marks'

type Props = {
  marks: readonly Mark[]
  sides: readonly string[]
  address: (mark: Mark, side: number) => string
}

/** A chart's marks as a table; each count is a link to its images. */
export function MarkTable({ marks, sides, address }: Props) {
  const { t } = useTranslation('curate/analytics')
  const hasBoxes = marks.some(({ boxes }) => boxes.some((n) => n !== null))
  return (
    <table className={classes.table}>
      {sides.length > 1 && (
        <thead>
          <tr>
            <td />
            {sides.map((name) => (
              <th key={name} scope="colgroup" colSpan={hasBoxes ? 3 : 2}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {marks.map((mark) => (
          <tr key={mark.key}>
            <th scope="row">{mark.label}</th>
            {sides.map((name, side) => (
              <SideCells
                key={name}
                mark={mark}
                side={side}
                hasBoxes={hasBoxes}
                href={address(mark, side)}
                t={t}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type CellsProps = {
  mark: Mark
  side: number
  hasBoxes: boolean
  href: string
  t: ReturnType<typeof useTranslation>['t']
}

function SideCells({ mark, side, hasBoxes, href, t }: CellsProps) {
  const images = mark.images[side] ?? 0
  return (
    <>
      {hasBoxes && <td>{t('boxes', { count: mark.boxes[side] ?? 0, n: count(mark.boxes[side] ?? 0) })}</td>}
      <td>
        <PathLink href={href}>{t('images', { count: images, n: count(images) })}</PathLink>
      </td>
      <td className="hd-faint">{shareText(mark.shares[side] ?? 0)}</td>
    </>
  )
}
