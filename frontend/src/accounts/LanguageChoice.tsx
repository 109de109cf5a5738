import { useTranslation } from 'react-i18next'
import { LANGUAGES, type Language, setLanguage } from '../i18n/i18n'
import classes from './LoginPage.module.css'

/** For whoever is not logged in: the account's language is not known yet. */
export function LanguageChoice() {
  const { i18n } = useTranslation()
  return (
    <div className={classes.languages}>
      {(Object.keys(LANGUAGES) as Language[]).map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          onClick={() => void setLanguage(language)}
        >
          {LANGUAGES[language]}
        </button>
      ))}
    </div>
  )
}
