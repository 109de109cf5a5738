import { useTranslation } from 'react-i18next'
import type { FinishedComparison } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { Delta } from '../../ui/Figure'
import { DifferencePlot } from './DifferencePlot'

/** The difference of every class, the most numerous first; classes that one side lacks come last, without a difference. */
export function ClassDifferences({ comparison }: { comparison: FinishedComparison }) {
  const { t } = useTranslation('curate/comparisons')
  const known = useClasses(comparison.a.dataset)
  const rows = [...comparison.per_class].sort((x, y) => y.gt - x.gt)
  return (
    <DifferencePlot
      rows={rows.map((row) => ({
        ...row,
        key: row.class_id,
        label: <ClassName of={known.get(row.class_id)} />,
        note:
          row.value === null ? (
            <span className="hd-faint">{t('noBoxes')}</span>
          ) : (
            <Delta
              value={row.value}
              low={row.low ?? undefined}
              high={row.high ?? undefined}
              verdict={row.verdict}
            />
          ),
      }))}
    />
  )
}
