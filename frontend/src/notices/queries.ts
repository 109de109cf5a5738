import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../api/calls'
import { get, patch, post } from '../api/client'

/** How many of my notices I have not read. News keep it as it is (frame/useNews). */
export const unreadQuery = queryOptions({
  queryKey: ['notices', 'unread'],
  queryFn: ({ signal }) => get('notices/unread', {}, signal),
  select: ({ unread }) => unread,
})

export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices', 'list'],
  queryFn: ({ pageParam, signal }) => get('notices', { limit: 50, after: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  select: ({ pages }) => pages.flatMap((page) => page.items),
})

export const wishQuery = queryOptions({
  queryKey: ['notices', 'wish'],
  queryFn: ({ signal }) => get('notices/wish', {}, signal),
})

/** Marks these as read, or all. */
export function useRead() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (notices?: number[]) => post('notices/read', { notices: notices ?? null }),
    onSuccess: (left) => {
      queries.setQueryData(unreadQuery.queryKey, left)
      void queries.invalidateQueries({ queryKey: noticesQuery.queryKey })
    },
  })
}

export function useChangeWish() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Body<'patch', 'notices/wish'>) => patch('notices/wish', body),
    onSuccess: (wish) => queries.setQueryData(wishQuery.queryKey, wish),
  })
}
