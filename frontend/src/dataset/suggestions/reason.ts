import { useTranslation } from 'react-i18next'
import { number } from '../../ui/format'

type Reasoned = {
  reason: string
  reason_code: string
  reason_params: Readonly<Record<string, string | number>>
}

/** The sentence why, in the language of the page; the API's English one where a translation lacks. */
export function useReason(): (of: Reasoned) => string {
  const { t, i18n } = useTranslation('dataset/suggestions')
  return ({ reason, reason_code, reason_params }) => {
    const key = `why.${reason_code}`
    if (i18n.language === 'en' || !i18n.exists(`dataset/suggestions:${key}`)) return reason
    const words = Object.entries(reason_params).map(([name, value]) => [
      name,
      typeof value === 'number' ? number(value, 2) : value, // as the English sentences do
    ])
    return String(t(key, Object.fromEntries(words)))
  }
}
