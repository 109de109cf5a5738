import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison, Delta as Difference, GainVerdict } from '../../api/types'
import { Delta } from '../../ui/Figure'
import { points, signedPoints } from '../../ui/format'
import classes from './TwoByTwo.module.css'

type Props = { table: NonNullable<Comparison['table']> }

/**
 * Both sides on the old and on the new labels, with the differences: along a row the network differs, down a column
 * the labels do. The sentence says what of the gain is whose.
 */
export function TwoByTwo({ table }: Props) {
  const { t } = useTranslation('curate/comparisons')
  const { old_labels: old, new_labels: now, down } = table
  const rows = [
    { key: 'old', label: t('onLabels', { n: table.old_revision }), pair: old },
    { key: 'new', label: t('onLabels', { n: table.new_revision }), pair: now },
  ]
  return (
    <>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <td />
              <th scope="col">{t('earlier')}</th>
              <th scope="col">{t('later')}</th>
              {down && <th scope="col">{t('compare.along')}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, label, pair }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                <td className="hd-num">{points(pair.a)}</td>
                <td className="hd-num">{points(pair.b)}</td>
                {pair.difference && <Ends of={pair.difference} />}
              </tr>
            ))}
            {down && (
              <tr>
                <th scope="row">{t('compare.down')}</th>
                <Ends of={down.a} />
                <Ends of={down.b} />
                <td />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {down && old.difference && now.difference && (
        <p className={classes.sentence}>
          <Meaning along={now.difference} down={down.b} />
        </p>
      )}
    </>
  )
}

function Ends({ of }: { of: Difference }) {
  return (
    <td>
      <Delta {...of} />
    </td>
  )
}

/** "Better by 3.4", but "not shown: +0.4". */
const amount = (value: number, verdict: GainVerdict) =>
  verdict === 'not_shown' ? signedPoints(value) : points(Math.abs(value))

/** What the two differences mean, in one sentence. */
function Meaning({ along, down }: { along: Difference; down: Difference }): ReactNode {
  const { t } = useTranslation('curate/comparisons')
  const part = (of: 'checkpoint' | 'labels', { value, verdict }: Difference) =>
    value === null ? '' : t(`compare.meaning.${of}.${verdict}`, { points: amount(value, verdict) })
  return `${part('checkpoint', along)} ${part('labels', down)}`.trim()
}
