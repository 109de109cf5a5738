import { queryOptions } from '@tanstack/react-query'
import type { Query } from '../../api/calls'
import { get } from '../../api/client'
import type { Filter } from '../grid/queries'

/** Reads of the analytics page. Each chart is asked for by itself, so that the quick ones are there first. */

export type BoxChart = Query<'get', `datasets/${number}/analytics/boxes`>['kind']

type Sent = Record<string, string | number | null>
const asked = ({ q, evaluation }: Filter) => ({ q, evaluation })
const kept = (filter: Filter, chart: string, more: Sent = {}) => ({
  queryKey: ['images', 'analytics', filter, chart, more],
  staleTime: 60_000,
})

export const overviewQuery = (filter: Filter) =>
  queryOptions({
    ...kept(filter, ''),
    queryFn: ({ signal }) => get(`datasets/${filter.dataset}/analytics`, asked(filter), signal),
  })

export const classChartQuery = (filter: Filter) =>
  queryOptions({
    ...kept(filter, '/classes'),
    queryFn: ({ signal }) => get(`datasets/${filter.dataset}/analytics/classes`, asked(filter), signal),
  })

export const boxChartQuery = (filter: Filter, kind: BoxChart, of: number | null) => {
  const more = { kind, class: of }
  return queryOptions({
    ...kept(filter, '/boxes', more),
    queryFn: ({ signal }) =>
      get(`datasets/${filter.dataset}/analytics/boxes`, { ...asked(filter), ...more }, signal),
  })
}

export const centresQuery = (filter: Filter, of: number | null) => {
  const more = { class: of }
  return queryOptions({
    ...kept(filter, '/centres', more),
    queryFn: ({ signal }) =>
      get(`datasets/${filter.dataset}/analytics/centres`, { ...asked(filter), ...more }, signal),
  })
}

export const crossTableQuery = (filter: Filter, rows: string, columns: string) => {
  const more = { rows, columns }
  return queryOptions({
    ...kept(filter, '/cross-table', more),
    queryFn: ({ signal }) =>
      get(`datasets/${filter.dataset}/analytics/cross-table`, { ...asked(filter), ...more }, signal),
  })
}

export const historyQuery = (filter: Filter) =>
  queryOptions({
    ...kept(filter, '/history'),
    queryFn: ({ signal }) => get(`datasets/${filter.dataset}/analytics/history`, asked(filter), signal),
  })

export const differencesQuery = (filter: Filter, vs: string) => {
  const more = { vs }
  return queryOptions({
    ...kept(filter, '/differences', more),
    queryFn: ({ signal }) =>
      get(`datasets/${filter.dataset}/analytics/differences`, { ...asked(filter), ...more }, signal),
  })
}
