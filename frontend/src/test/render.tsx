import { MantineProvider } from '@mantine/core'
import { render } from '@testing-library/react'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import ui from '../ui/locales/en.json'

/** Draws something in the theme's frame with the shared English texts; a test adds those of its folder. */
export async function draw(element: ReactNode, texts: Record<string, object> = {}) {
  const i18n = i18next.createInstance()
  await i18n.use(initReactI18next).init({ lng: 'en', defaultNS: 'ui', resources: { en: { ui, ...texts } } })
  return render(
    <I18nextProvider i18n={i18n}>
      <MantineProvider env="test">{element}</MantineProvider>
    </I18nextProvider>,
  )
}
