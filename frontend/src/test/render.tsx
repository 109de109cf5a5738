import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { fireEvent, render, waitFor } from '@testing-library/react'
import userEvent, { PointerEventsCheckLevel } from '@testing-library/user-event'
import i18next from 'i18next'
import { type ReactNode, Suspense, useMemo, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { onTestFinished } from 'vitest'
import { makeQueryClient } from '../api/queryClient'
import { startI18n } from '../i18n/i18n'
import { type PagePlaces, PlacesContext } from '../page/places'
import { askToSignIn, makeRouter } from '../routes'
import { ActionsProvider } from '../ui/actions'

let started: Promise<void> | undefined

/** Draws something in the theme's frame with the English texts. */
export async function draw(element: ReactNode) {
  started ??= startI18n('en')
  await started
  return render(
    <I18nextProvider i18n={i18next}>
      <MantineProvider env="test" withCssVariables={false} withGlobalClasses={false}>
        <Suspense fallback={null}>{element}</Suspense>
      </MantineProvider>
    </I18nextProvider>,
  )
}

/** Fills a field as a paste does. */
export function fill(field: HTMLElement, text: string): void {
  fireEvent.change(field, { target: { value: text } })
}

/**
 * Draws a part of a page as it stands in one: with the router, the query cache and the places of the top lines.
 * @param at the front-end address at which it stands
 * @returns the person who uses it, and where she has come
 */
export async function show(element: ReactNode, at = '/') {
  const queries = makeQueryClient()
  const history = createMemoryHistory({ initialEntries: [at] })
  const component = () => <InFrame>{element}</InFrame>
  const root = createRootRoute()
  const places = ['/', '$'].map((path) => createRoute({ getParentRoute: () => root, path, component }))
  const router = createRouter({ routeTree: root.addChildren(places), history })
  onTestFinished(() => queries.clear())
  const drawn = await draw(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router as never} />
      <Notifications />
    </QueryClientProvider>,
  )
  return {
    user: person(),
    address: () => router.state.location.href,
    queries,
    ...drawn,
  }
}

/** Somebody who types and clicks at once; whether a click would be let through is left to the browser tests. */
const person = () => userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never })

/** The places that a page fills, as the frame gives them. */
function InFrame({ children }: { children: ReactNode }) {
  const [crumbs, setCrumbs] = useState<HTMLElement | null>(null)
  const [middle, setMiddle] = useState<HTMLElement | null>(null)
  const [bar, setBar] = useState<HTMLElement | null>(null)
  const places = useMemo<PagePlaces>(
    () => ({ crumbs, middle, bar, goneDataset: null, stand: () => undefined }),
    [crumbs, middle, bar],
  )
  return (
    <ActionsProvider>
      <PlacesContext.Provider value={places}>
        <div ref={setCrumbs} />
        <div ref={setMiddle} />
        <div ref={setBar} />
        <Suspense fallback={null}>{children}</Suspense>
      </PlacesContext.Provider>
    </ActionsProvider>
  )
}

/** Opens a page of the whole front end by its address. */
export async function visit(at: string) {
  window.history.replaceState(null, '', at)
  const queries = makeQueryClient()
  const router = makeRouter(queries)
  const forget = askToSignIn(router, queries)
  onTestFinished(() => {
    forget()
    queries.clear()
    router.history.destroy()
  })
  const drawn = await draw(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Notifications />
    </QueryClientProvider>,
  )
  await waitFor(() => {
    if (router.state.status !== 'idle') throw new Error('the page is still on its way')
  })
  return {
    user: person(),
    address: () => router.state.location.href,
    queries,
    ...drawn,
  }
}
