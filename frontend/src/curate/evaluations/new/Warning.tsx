import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count } from '../../../ui/format'
import classes from './Evaluate.module.css'
import { type How, type Judged, previewQuery } from './queries'

/** What it would be judged on; said aloud where it would be no test, or where nothing is labelled. */
export function Warning({ dataset, judged, how }: { dataset: number; judged: Judged; how: How }) {
  const { t } = useTranslation('curate/evaluations/new')
  const { data } = useQuery(previewQuery(dataset, judged, how))
  if (!data) return <p className={classes.preview}>…</p>
  const words = { images: count(data.images), boxes: count(data.boxes), revision: data.revision }
  return (
    <>
      <p className={classes.preview}>{t('preview', words)}</p>
      {data.trained_on > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t('notATest')}>
          {t('notATestWhat', { n: count(data.trained_on), of: count(data.images) })}
        </Alert>
      )}
      {data.images > 0 && data.boxes === 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t('noLabels')}>
          {t('noLabelsWhat', words)}
        </Alert>
      )}
    </>
  )
}
