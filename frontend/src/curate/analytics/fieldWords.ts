import { useTranslation } from 'react-i18next'
import type { CrossHead } from '../../api/types'
import { number } from '../../ui/format'
import { isKey, keyOf } from './cross'
import { binLabel, momentLabel } from './marks'

/** Fields and their values in words of the page. */
export function useFieldWords() {
  const { t, i18n } = useTranslation('curate/analytics')
  const language = i18n.language === 'ko' ? 'ko' : 'en-GB'
  const field = (name: string) => (isKey(name) ? keyOf(name) : t(`field.${name}`))
  const head = ({ label, low, high }: Pick<CrossHead, 'label' | 'low' | 'high'>, name: string) => {
    if (label !== null) return label
    if (name === 'captured_at') return low === null ? '' : momentLabel(low, 'day', language)
    return binLabel(low, high, number)
  }
  return { field, head, language }
}
