import './ui/tokens.css'
import '@fontsource-variable/inter/wght.css'
import './ui/mantineStyles'
import './ui/mantine.css'

import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from './api/queryClient'
import { startI18n } from './i18n/i18n'
import { tellOfNewVersion } from './page/newVersion'
import { askToSignIn, hasten, makeRouter } from './routes'
import { cssVariables, theme } from './ui/theme'

const queries = makeQueryClient()
const router = makeRouter(queries)
askToSignIn(router, queries)
window.addEventListener('vite:preloadError', tellOfNewVersion)
hasten(router)
const colorScheme = localStorageColorSchemeManager({ key: 'halfday.theme' })

startI18n().then(() => {
  createRoot(document.getElementById('root')!).render(
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="dark"
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" autoClose={5000} limit={4} />
      </QueryClientProvider>
    </MantineProvider>,
  )
})
