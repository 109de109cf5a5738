import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'

/** Minutes in words: 15 min; what is less than one is said to be so, and never 0. */
export function useMinutes(): (minutes: number) => string {
  const { t } = useTranslation('curate/autocurate')
  return (minutes) => (minutes < 1 ? t('underAMinute') : t('minutes', { n: count(Math.round(minutes)) }))
}
