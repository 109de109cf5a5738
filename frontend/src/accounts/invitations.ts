import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { csrfToken, get, post } from '../api/client'
import { meQuery } from './queries'

/** What the page of an invitation's link reads and does. The secret is no part of a query's key: keys are kept. */

export function useOffer(secret: string) {
  return useQuery({
    queryKey: ['invitation'],
    queryFn: async () => {
      if (!csrfToken()) await get('auth/me', {}).catch(() => undefined)
      return post('invitations/open', { secret })
    },
    retry: false,
    gcTime: 0,
  })
}

export function useNewAccount() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { secret: string; name: string; new: string }) =>
      post('invitations/new-account', body),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  })
}

export function useTakeUp() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (secret: string) => post('invitations/take-up', { secret }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['projects'] }),
  })
}
