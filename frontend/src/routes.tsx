import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { meQuery } from './accounts/queries'
import { isProblem } from './api/problem'
import type { Address as AnalyticsAddress } from './curate/analytics/useAnalyticsSearch'
import type { Address as HistoryAddress } from './curate/history/useHistorySearch'
import { type GridAddress, readGridAddress } from './dataset/gridAddress'
import { Frame } from './frame/Frame'
import { NotFound, RouteError, RoutePending } from './page/RouteStates'
import { text, whole } from './ui/address'

type Context = { queries: QueryClient }
type Search = Record<string, unknown>

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Search): { next?: string; refused?: string } => ({
    next: typeof search.next === 'string' ? search.next : undefined,
    refused: text(search.refused),
  }),
  component: lazyRouteComponent(() => import('./accounts/LoginPage'), 'LoginPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./accounts/InvitationPage'), 'InvitationPage'),
})

/** Everything behind the login: it stands in the frame, and who is not known goes to the login page first. */
const framed = createRoute({
  getParentRoute: () => root,
  id: 'framed',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(meQuery)
    } catch (error) {
      if (isProblem(error, 401) || isProblem(error, 403))
        throw redirect({ to: '/login', search: { next: location.href } })
      throw error
    }
  },
})

const loose = (search: Search) => search

const home = createRoute({
  getParentRoute: () => framed,
  path: '/',
  component: lazyRouteComponent(() => import('./home/HomePage'), 'HomePage'),
})
const project = createRoute({
  getParentRoute: () => framed,
  path: '/projects/$projectId',
  component: lazyRouteComponent(() => import('./home/ProjectPage'), 'ProjectPage'),
})

const history = createRoute({
  getParentRoute: () => framed,
  path: '/projects/$projectId/evaluations',
  validateSearch: (search: Search): HistoryAddress => ({
    dataset: whole(search.dataset),
    slice: whole(search.slice),
    figure: text(search.figure),
    class: text(search.class),
    order: text(search.order),
    every: whole(search.every),
  }),
  component: lazyRouteComponent(() => import('./curate/history/HistoryPage'), 'HistoryPage'),
})

const grid = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId',
  validateSearch: (search: Search): GridAddress => readGridAddress(search),
  component: lazyRouteComponent(() => import('./curate/grid/GridPage'), 'GridPage'),
})
const analytics = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/analytics',
  validateSearch: (search: Search): AnalyticsAddress => ({
    ...search,
    q: text(search.q),
    evaluation: whole(search.evaluation),
    vs: text(search.vs),
    of: whole(search.of),
  }),
  component: lazyRouteComponent(() => import('./curate/analytics/AnalyticsPage'), 'AnalyticsPage'),
})
const image = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/images/$imageId',
  validateSearch: (search: Search): GridAddress => readGridAddress(search),
  component: lazyRouteComponent(() => import('./dataset/image/ImagePage'), 'ImagePage'),
})
const slices = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/slices',
  component: lazyRouteComponent(() => import('./dataset/slices/SlicesPage'), 'SlicesPage'),
})
const slice = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/slices/$sliceId',
  component: lazyRouteComponent(() => import('./dataset/slices/SlicePage'), 'SlicePage'),
})
const revisions = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/revisions',
  component: lazyRouteComponent(() => import('./dataset/revisions/RevisionsPage'), 'RevisionsPage'),
})
const revision = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/revisions/$number',
  component: lazyRouteComponent(() => import('./dataset/revisions/RevisionPage'), 'RevisionPage'),
})
const imports = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/imports',
  validateSearch: (search: Search): { job?: number } => ({ job: whole(search.job) }),
  component: lazyRouteComponent(() => import('./dataset/imports/ImportsPage'), 'ImportsPage'),
})
const exported = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/exports',
  validateSearch: (search: Search): { job?: number } => ({ job: whole(search.job) }),
  component: lazyRouteComponent(() => import('./dataset/exports/ExportsPage'), 'ExportsPage'),
})
const sliceCompare = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/slices/compare',
  validateSearch: (search: Search): { a?: number; b?: number } => ({
    a: whole(search.a),
    b: whole(search.b),
  }),
  component: lazyRouteComponent(() => import('./dataset/slices/ComparePage'), 'ComparePage'),
})
const improve = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/improve',
  validateSearch: (search: Search): { minutes?: number; curve?: number; class?: number } => ({
    minutes: whole(search.minutes),
    curve: whole(search.curve),
    class: whole(search.class),
  }),
  component: lazyRouteComponent(() => import('./curate/improve/ImprovePage'), 'ImprovePage'),
})
const classes = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/classes',
  component: lazyRouteComponent(() => import('./dataset/classes/ClassesPage'), 'ClassesPage'),
})

const autoCurate = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/autocurate/AutoCuratePage'), 'AutoCuratePage'),
})
const autoCurateRun = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/auto/$autoCurateId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/autocurate/AutoCurateRunPage'), 'AutoCurateRunPage'),
})
const embeddingMap = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/map',
  validateSearch: (search: Search) => ({
    q: text(search.q),
    by: text(search.by),
    view: text(search.view),
    lasso: text(search.lasso),
    map: whole(search.map),
  }),
  component: lazyRouteComponent(() => import('./curate/map/MapPage'), 'MapPage'),
})
const OVERLAPS = [0, 0.5, 0.9]
const duplicates = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/duplicates',
  validateSearch: (search: Search): { likeness: 'exact' | 'near'; overlap: number; keep?: 'all' } => ({
    likeness: search.likeness === 'near' ? 'near' : 'exact',
    overlap: OVERLAPS.find((one) => one === Number(search.overlap)) ?? 0,
    keep: search.keep === 'all' ? 'all' : undefined,
  }),
  component: lazyRouteComponent(() => import('./curate/duplicates/DuplicatesPage'), 'DuplicatesPage'),
})
const leaks = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/leaks',
  validateSearch: (search: Search) => ({
    train: String(search.train ?? '')
      .split(',')
      .map(Number)
      .filter((id) => Number.isInteger(id) && id > 0),
    validation: whole(search.validation),
    evaluation: whole(search.evaluation),
  }),
  component: lazyRouteComponent(() => import('./curate/duplicates/LeaksPage'), 'LeaksPage'),
})
const evaluations = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/evaluations',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/evaluations/EvaluationsPage'), 'EvaluationsPage'),
})
const evaluation = createRoute({
  getParentRoute: () => framed,
  path: '/evaluations/$evaluationId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/evaluations/EvaluationPage'), 'EvaluationPage'),
})
const boxes = createRoute({
  getParentRoute: () => framed,
  path: '/evaluations/$evaluationId/boxes',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/evaluations/BoxesPage'), 'BoxesPage'),
})
const comparisons = createRoute({
  getParentRoute: () => framed,
  path: '/comparisons',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/comparisons/ManyPage'), 'ManyPage'),
})
const comparison = createRoute({
  getParentRoute: () => framed,
  path: '/comparisons/$comparisonId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./curate/comparisons/ComparisonPage'), 'ComparisonPage'),
})

const batches = createRoute({
  getParentRoute: () => framed,
  path: '/label/$datasetId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./label/BatchesPage'), 'BatchesPage'),
})
const batch = createRoute({
  getParentRoute: () => framed,
  path: '/batches/$batchId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./label/BatchPage'), 'BatchPage'),
})
const task = createRoute({
  getParentRoute: () => framed,
  path: '/tasks/$taskId',
  validateSearch: loose,
  component: lazyRouteComponent(() => import('./label/TaskPage'), 'TaskPage'),
})

const runs = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId',
  component: lazyRouteComponent(() => import('./model/RunsPage'), 'RunsPage'),
})
const newRun = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/new',
  validateSearch: (search: Search): { parent?: number; control_of?: number; slice?: number } => ({
    parent: whole(search.parent),
    control_of: whole(search.control_of),
    slice: whole(search.slice),
  }),
  component: lazyRouteComponent(() => import('./model/NewRunPage'), 'NewRunPage'),
})
const baselines = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/baselines',
  component: lazyRouteComponent(() => import('./model/BaselinesPage'), 'BaselinesPage'),
})
const run = createRoute({
  getParentRoute: () => framed,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('./model/RunPage'), 'RunPage'),
})
const ledger = createRoute({
  getParentRoute: () => framed,
  path: '/runs/$runId/ledger',
  component: lazyRouteComponent(() => import('./curate/ledger/LedgerPage'), 'LedgerPage'),
})

const jobs = createRoute({
  getParentRoute: () => framed,
  path: '/jobs',
  validateSearch: (search: Search): { state?: string; dataset?: number } => ({
    state: text(search.state),
    dataset: whole(search.dataset),
  }),
  component: lazyRouteComponent(() => import('./jobs/JobsPage'), 'JobsPage'),
})
const job = createRoute({
  getParentRoute: () => framed,
  path: '/jobs/$jobId',
  component: lazyRouteComponent(() => import('./jobs/JobPage'), 'JobPage'),
})
const settings = createRoute({
  getParentRoute: () => framed,
  path: '/settings',
  validateSearch: (search: Search): { part?: string; project?: number } => ({
    part: text(search.part),
    project: whole(search.project),
  }),
  component: lazyRouteComponent(() => import('./accounts/SettingsPage'), 'SettingsPage'),
})

// biome-ignore format: one line per place of the rail
const tree = root.addChildren([
  login, invitation,
  framed.addChildren([
    home, project, history, settings, jobs, job,
    grid, analytics, image, slices, sliceCompare, slice, revisions, revision, imports, exported, classes, improve,
    autoCurate, autoCurateRun, embeddingMap, duplicates, leaks, evaluations, evaluation, boxes, comparisons, comparison,
    batches, batch, task,
    runs, newRun, baselines, run, ledger,
  ]),
])

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 80,
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
