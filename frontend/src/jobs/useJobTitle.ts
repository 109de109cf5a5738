import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'

type Titled = Pick<Job, 'title' | 'title_code' | 'title_names'>

/** What a job is called in the language of the page; as the API says it in English, or where a translation lacks. */
export function useJobTitle(): (job: Titled) => string {
  const { t, i18n } = useTranslation('jobs')
  return (job) => titleIn(t, i18n.language, job)
}

/** The same outside of components, in the language that the page has now. */
export const jobTitle = (job: Titled): string =>
  titleIn(i18next.getFixedT(null, 'jobs'), i18next.language, job)

function titleIn(t: TFunction<'jobs'>, language: string, { title, title_code, title_names }: Titled): string {
  if (language === 'en' || !i18next.exists(`jobs:titles.${title_code}`)) return title
  const names = { ...title_names, ...(title_names.source === EVERY && { source: t('allImages') }) }
  return String(t(`titles.${title_code}` as 'titles.train', names))
}

const EVERY = 'all images' // as the API calls a source without slice and query
