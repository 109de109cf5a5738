import { useTranslation } from 'react-i18next'
import type { Comparison } from '../../api/types'
import { points } from '../../ui/format'
import classes from './TwoByTwo.module.css'

type Props = { table: NonNullable<Comparison['table']> }

/** Both sides on the old and on the new labels: down a column the labels differ, along a row the network does. */
export function TwoByTwo({ table }: Props) {
  const { t } = useTranslation('curate/diagnosis')
  const rows = [
    { key: 'old', label: t('onLabels', { n: table.old_revision }), pair: table.old_labels },
    { key: 'new', label: t('onLabels', { n: table.new_revision }), pair: table.new_labels },
  ]
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('earlier')}</th>
          <th scope="col">{t('later')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, label, pair }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td className="hd-num">{points(pair.a)}</td>
            <td className="hd-num">{points(pair.b)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
