import { useMantineColorScheme } from '@mantine/core'
import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import i18next from 'i18next'
import { useEffect } from 'react'
import { csrfToken, get, patch, post } from '../api/client'
import type { Me } from '../api/types'
import { setLanguage } from '../i18n/i18n'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get('auth/me', {}, signal),
  staleTime: 5 * 60_000,
  retry: false,
})

/** The person logged in; only below the frame, which has made sure that there is one. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

export function useLogin() {
  const queries = useQueryClient()
  const { setColorScheme } = useMantineColorScheme()
  return useMutation({
    mutationFn: async (body: { email: string; password: string; code: string }) => {
      // The cookie that every unsafe call needs comes with any answer; whoever opens /login has had none yet.
      if (!csrfToken()) await get('auth/me', {}).catch(() => undefined)
      return post('auth/login', body)
    },
    onSuccess: async (me) => {
      // What is kept may be of somebody else, who was signed in before, and what failed was asked without a session.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== waysQuery.queryKey[0] })
      queries.setQueryData(meQuery.queryKey, me)
      setColorScheme(me.theme === 'system' ? 'auto' : me.theme)
      await setLanguage(me.language)
    },
  })
}

/** How one can log in besides by password. */
export const waysQuery = queryOptions({
  queryKey: ['ways'],
  queryFn: ({ signal }) => get('auth/ways', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

export function useSecondFactor() {
  const queries = useQueryClient()
  const changed = () => queries.invalidateQueries({ queryKey: meQuery.queryKey })
  return {
    begin: useMutation({ mutationFn: () => post('auth/second-factor') }),
    confirm: useMutation({
      mutationFn: (code: string) => post('auth/second-factor/confirm', { code }),
      onSuccess: changed,
    }),
    remove: useMutation({
      mutationFn: (code: string) => post('auth/second-factor/remove', { code }),
      onSuccess: changed,
    }),
  }
}

export function useLogout() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => post('auth/logout'),
    onSuccess: async () => {
      await navigate({ to: '/login' })
      queries.clear()
    },
  })
}

/** Language and theme show at once; the server hears of it behind. */
export function useChangeMe() {
  const queries = useQueryClient()
  const { setColorScheme } = useMantineColorScheme()
  return useMutation({
    mutationFn: (body: Partial<Pick<Me, 'name' | 'language' | 'theme'>>) => patch('auth/me', body),
    onMutate: (body) => {
      if (body.theme) setColorScheme(body.theme === 'system' ? 'auto' : body.theme)
      if (body.language) void setLanguage(body.language)
    },
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  })
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => post('auth/password', body),
  })
}

/** The account's language and theme, for a browser that still shows another. */
export function useLookOfMe(): void {
  const { language, theme } = useMe()
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (i18next.language !== language) void setLanguage(language)
  }, [language])
  useEffect(() => {
    setColorScheme(theme === 'system' ? 'auto' : theme)
  }, [theme, setColorScheme])
}
