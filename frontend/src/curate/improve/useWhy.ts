import { useTranslation } from 'react-i18next'
import type { ImproveStep } from '../../api/types'
import { many, written } from './view'

/** The sentence why a step is offered, in the language of the page; the API's English one where a translation lacks. */
export function useWhy(): (of: ImproveStep) => string {
  const { t, i18n } = useTranslation('curate/improve')
  return ({ why, why_code, why_params }) => {
    const key = `why.${why_code}`
    if (i18n.language === 'en' || !i18n.exists(`curate/improve:${key}`)) return why
    return String(t(key, written(why_params)))
  }
}

/** What a step is called, and what its button says. */
export function useStepWords() {
  const { t } = useTranslation('curate/improve')
  return {
    title: (step: ImproveStep) =>
      t(`called.${step.why_code}`, { ...written(step.why_params), count: many(step) }),
    button: ({ why_code }: ImproveStep) => t(`does.${why_code}`),
  }
}
