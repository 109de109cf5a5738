import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

/**
 * Texts live beside the pages that show them: `src/<folder>/locales/<language>.json` is the namespace `<folder>`
 * (`useTranslation('curate/grid')`), loaded when a page first asks for it.
 */
const files = import.meta.glob<{ default: Record<string, unknown> }>('../**/locales/*.json')

export const LANGUAGES = { en: 'English', ko: '한국어' } as const
export type Language = keyof typeof LANGUAGES

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`../${namespace}/locales/${language}.json`]
    if (!load) return done(new Error(`no texts for ${namespace} in ${language}`), null)
    load().then(
      (file) => done(null, file.default as never),
      (error) => done(error, null),
    )
  },
}

/** Has a namespace fetched that is about to be asked for. A file that is missing is told of where it is read. */
export function fetchTexts(namespace: string): void {
  void files[`../${namespace}/locales/${i18next.language ?? firstLanguage()}.json`]?.().catch(() => undefined)
}

const REMEMBERED = 'halfday.language'

/** The language asked for last on this machine, else the browser's. */
export function firstLanguage(): Language {
  const remembered = localStorage.getItem(REMEMBERED)
  if (remembered === 'en' || remembered === 'ko') return remembered
  return navigator.language.startsWith('ko') ? 'ko' : 'en'
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(REMEMBERED, language)
  await i18next.changeLanguage(language)
}

export async function startI18n(language: Language = firstLanguage()): Promise<void> {
  i18next.on('languageChanged', (changed) => {
    document.documentElement.lang = changed
    document.getElementById('over')?.setAttribute('aria-label', i18next.t('ui:over'))
  })
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false, // both languages have every text, which a test holds
      supportedLngs: Object.keys(LANGUAGES),
      ns: ['ui'],
      defaultNS: 'ui',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    })
}
