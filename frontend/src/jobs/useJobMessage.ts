import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'

type Said = Pick<Job, 'message' | 'message_parts'>
export type Part = Job['message_parts'][number]

/** What a job is doing in the language of the page; a sentence that a translation lacks is said in English. */
export function useJobMessage(): (job: Said) => string {
  const { t, i18n } = useTranslation('jobs')
  return (job) => messageIn(t, i18n.language, job)
}

/** One sentence of what a job said, in the language of the page. */
export function useSaid(): (said: Part) => string {
  const { t, i18n } = useTranslation('jobs')
  return (said) => messageIn(t, i18n.language, { message: said.text, message_parts: [said] })
}

/** The same with the translation and language given. */
export function messageIn(t: TFunction<'jobs'>, language: string, { message, message_parts }: Said): string {
  if (language === 'en' || message_parts.length === 0) return message
  return message_parts.map((part) => partIn(t, part)).join(': ')
}

function partIn(t: TFunction<'jobs'>, { code, names, text }: Part): string {
  return i18next.exists(`jobs:doing.${code}`) ? String(t(`doing.${code}` as 'doing.epoch', names)) : text
}
