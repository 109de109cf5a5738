import { queryOptions } from '@tanstack/react-query'
import { get } from '../../api/client'
import type {
  AnalyticsOverview,
  BoxCentres,
  ChartData,
  CrossTableData,
  Differences,
  LabelHistory,
} from '../../api/types'
import type { Filter } from '../grid/queries'

/** Reads of the analytics page. Each chart is asked for by itself, so that the quick ones are there first. */

export type BoxChart = 'area' | 'aspect' | 'per_image' | 'provenance' | 'relative'

const asked = ({ q, evaluation }: Filter) => ({ q, evaluation })
const reads = <T>(filter: Filter, path: string, more: Record<string, string | number | null> = {}) =>
  queryOptions({
    queryKey: ['images', 'analytics', filter, path, more],
    queryFn: ({ signal }) =>
      get<T>(`datasets/${filter.dataset}/analytics${path}`, { ...asked(filter), ...more }, signal),
    staleTime: 60_000,
  })

export const overviewQuery = (filter: Filter) => reads<AnalyticsOverview>(filter, '')
export const classChartQuery = (filter: Filter) => reads<ChartData>(filter, '/classes')
export const boxChartQuery = (filter: Filter, kind: BoxChart, of: number | null) =>
  reads<ChartData>(filter, '/boxes', { kind, class: of })
export const centresQuery = (filter: Filter, of: number | null) =>
  reads<BoxCentres>(filter, '/centres', { class: of })
export const crossTableQuery = (filter: Filter, rows: string, columns: string) =>
  reads<CrossTableData>(filter, '/cross-table', { rows, columns })
export const historyQuery = (filter: Filter) => reads<LabelHistory>(filter, '/history')
export const differencesQuery = (filter: Filter, vs: string) =>
  reads<Differences>(filter, '/differences', { vs })
