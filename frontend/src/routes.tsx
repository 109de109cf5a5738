import type { QueryClient } from '@tanstack/react-query'
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
} from '@tanstack/react-router'
import { meQuery } from './accounts/queries'
import { isProblem } from './api/problem'
import { onSignedOut } from './api/session'
import type { Address as AnalyticsAddress } from './curate/analytics/useAnalyticsSearch'
import type { Address as HistoryAddress } from './curate/history/useHistorySearch'
import { type GridAddress, readGridAddress } from './dataset/gridAddress'
import { Frame } from './frame/Frame'
import { readFilter } from './label/decide/filter'
import { readTaskSearch } from './label/taskSearch'
import { readRunsAddress } from './model/runsAddress'
import { lazyPage } from './page/lazyPage'
import { RoutePending } from './page/RoutePending'
import { NotFound, RouteError } from './page/RouteStates'
import { Waiting } from './page/Waiting'
import { text, whole } from './ui/address'

type Context = { queries: QueryClient }
type Search = Record<string, unknown>

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound })

const waiting = { pendingComponent: Waiting, pendingMs: 0, pendingMinMs: 0 }

const login = createRoute({
  ...waiting,
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Search): { next?: string; refused?: string } => ({
    next: typeof search.next === 'string' ? search.next : undefined,
    refused: text(search.refused),
  }),
  component: lazyPage(() => import('./accounts/LoginPage'), 'LoginPage', 'accounts'),
})

const invitation = createRoute({
  ...waiting,
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyPage(() => import('./accounts/InvitationPage'), 'InvitationPage', 'accounts'),
})

/** Everything behind the login: it stands in the frame, and who is not known goes to the login page first. */
const framed = createRoute({
  getParentRoute: () => root,
  id: 'framed',
  component: Frame,
  pendingComponent: Waiting,
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
  component: lazyPage(() => import('./home/HomePage'), 'HomePage', 'home'),
})
const project = createRoute({
  getParentRoute: () => framed,
  path: '/projects/$projectId',
  component: lazyPage(() => import('./home/ProjectPage'), 'ProjectPage', 'home'),
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
  component: lazyPage(() => import('./curate/history/HistoryPage'), 'HistoryPage', 'curate/history'),
})

const grid = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId',
  validateSearch: (search: Search): GridAddress => readGridAddress(search),
  component: lazyPage(() => import('./curate/grid/GridPage'), 'GridPage', 'curate/grid'),
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
  component: lazyPage(() => import('./curate/analytics/AnalyticsPage'), 'AnalyticsPage', 'curate/analytics'),
})
const image = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/images/$imageId',
  validateSearch: (search: Search): GridAddress => readGridAddress(search),
  component: lazyPage(() => import('./dataset/image/ImagePage'), 'ImagePage', 'dataset/image'),
})
const slices = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/slices',
  component: lazyPage(() => import('./dataset/slices/SlicesPage'), 'SlicesPage', 'dataset/slices'),
})
const slice = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/slices/$sliceId',
  component: lazyPage(() => import('./dataset/slices/SlicePage'), 'SlicePage', 'dataset/slices'),
})
const revisions = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/revisions',
  component: lazyPage(
    () => import('./dataset/revisions/RevisionsPage'),
    'RevisionsPage',
    'dataset/revisions',
  ),
})
const revision = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/revisions/$number',
  component: lazyPage(() => import('./dataset/revisions/RevisionPage'), 'RevisionPage', 'dataset/revisions'),
})
const imports = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/imports',
  validateSearch: (search: Search): { job?: number } => ({ job: whole(search.job) }),
  component: lazyPage(() => import('./dataset/imports/ImportsPage'), 'ImportsPage', 'dataset/imports'),
})
const exported = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/exports',
  validateSearch: (search: Search): { job?: number } => ({ job: whole(search.job) }),
  component: lazyPage(() => import('./dataset/exports/ExportsPage'), 'ExportsPage', 'dataset/exports'),
})
const sliceCompare = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/slices/compare',
  validateSearch: (search: Search): { a?: number; b?: number } => ({
    a: whole(search.a),
    b: whole(search.b),
  }),
  component: lazyPage(() => import('./dataset/slices/ComparePage'), 'ComparePage', 'dataset/slices'),
})
const improve = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/improve',
  validateSearch: (search: Search): { minutes?: number; curve?: number; class?: number } => ({
    minutes: whole(search.minutes),
    curve: whole(search.curve),
    class: whole(search.class),
  }),
  component: lazyPage(() => import('./curate/improve/ImprovePage'), 'ImprovePage', 'curate/improve'),
})
const classes = createRoute({
  getParentRoute: () => framed,
  path: '/datasets/$datasetId/classes',
  component: lazyPage(() => import('./dataset/classes/ClassesPage'), 'ClassesPage', 'dataset/classes'),
})

const autoCurate = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId',
  validateSearch: loose,
  component: lazyPage(
    () => import('./curate/autocurate/AutoCuratePage'),
    'AutoCuratePage',
    'curate/autocurate',
  ),
})
const autoCurateRun = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/auto/$autoCurateId',
  validateSearch: loose,
  component: lazyPage(
    () => import('./curate/autocurate/AutoCurateRunPage'),
    'AutoCurateRunPage',
    'curate/autocurate',
  ),
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
  component: lazyPage(() => import('./curate/map/MapPage'), 'MapPage', 'curate/map'),
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
  component: lazyPage(
    () => import('./curate/duplicates/DuplicatesPage'),
    'DuplicatesPage',
    'curate/duplicates',
  ),
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
  component: lazyPage(() => import('./curate/duplicates/LeaksPage'), 'LeaksPage', 'curate/duplicates'),
})
const evaluations = createRoute({
  getParentRoute: () => framed,
  path: '/curate/$datasetId/evaluations',
  validateSearch: loose,
  component: lazyPage(
    () => import('./curate/evaluations/EvaluationsPage'),
    'EvaluationsPage',
    'curate/evaluations',
  ),
})
const evaluation = createRoute({
  getParentRoute: () => framed,
  path: '/evaluations/$evaluationId',
  validateSearch: loose,
  component: lazyPage(
    () => import('./curate/evaluations/EvaluationPage'),
    'EvaluationPage',
    'curate/evaluations',
  ),
})
const boxes = createRoute({
  getParentRoute: () => framed,
  path: '/evaluations/$evaluationId/boxes',
  validateSearch: loose,
  component: lazyPage(() => import('./curate/evaluations/BoxesPage'), 'BoxesPage', 'curate/evaluations'),
})
const comparisons = createRoute({
  getParentRoute: () => framed,
  path: '/comparisons',
  validateSearch: loose,
  component: lazyPage(() => import('./curate/comparisons/ManyPage'), 'ManyPage', 'curate/comparisons'),
})
const comparison = createRoute({
  getParentRoute: () => framed,
  path: '/comparisons/$comparisonId',
  validateSearch: loose,
  component: lazyPage(
    () => import('./curate/comparisons/ComparisonPage'),
    'ComparisonPage',
    'curate/comparisons',
  ),
})

const desk = createRoute({
  getParentRoute: () => framed,
  path: '/label',
  validateSearch: (search: Search): { dataset?: number } => ({ dataset: whole(search.dataset) }),
  component: lazyPage(() => import('./label/DeskPage'), 'DeskPage', 'label'),
})
const batches = createRoute({
  getParentRoute: () => framed,
  path: '/label/$datasetId',
  validateSearch: loose,
  component: lazyPage(() => import('./label/BatchesPage'), 'BatchesPage', 'label'),
})
const batch = createRoute({
  getParentRoute: () => framed,
  path: '/batches/$batchId',
  validateSearch: readTaskSearch,
  component: lazyPage(() => import('./label/BatchPage'), 'BatchPage', 'label'),
})
const decide = createRoute({
  getParentRoute: () => framed,
  path: '/batches/$batchId/suggestions',
  validateSearch: readFilter,
  component: lazyPage(() => import('./label/decide/DecidePage'), 'DecidePage', 'label/decide'),
})
const batchQuality = createRoute({
  getParentRoute: () => framed,
  path: '/batches/$batchId/quality',
  component: lazyPage(() => import('./label/quality/QualityPage'), 'QualityPage', 'label/quality'),
})
const compared = createRoute({
  getParentRoute: () => framed,
  path: '/tasks/$taskId/copies',
  component: lazyPage(() => import('./label/quality/ComparePage'), 'ComparePage', 'label/quality'),
})
const task = createRoute({
  getParentRoute: () => framed,
  path: '/tasks/$taskId',
  validateSearch: loose,
  component: lazyPage(() => import('./label/TaskPage'), 'TaskPage', 'label'),
})

const runs = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId',
  component: lazyPage(() => import('./model/RunsPage'), 'RunsPage', 'model'),
})
const newRun = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/new',
  validateSearch: (
    search: Search,
  ): { parent?: number; control_of?: number; slice?: number; validation?: number } => ({
    parent: whole(search.parent),
    control_of: whole(search.control_of),
    slice: whole(search.slice),
    validation: whole(search.validation),
  }),
  component: lazyPage(() => import('./model/NewRunPage'), 'NewRunPage', 'model'),
})
const baselines = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/baselines',
  component: lazyPage(() => import('./model/BaselinesPage'), 'BaselinesPage', 'model'),
})
const endpoints = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/endpoints',
  component: lazyPage(() => import('./model/endpoints/EndpointsPage'), 'EndpointsPage', 'model/endpoints'),
})
const endpoint = createRoute({
  getParentRoute: () => framed,
  path: '/endpoints/$endpointId',
  component: lazyPage(() => import('./model/endpoints/EndpointPage'), 'EndpointPage', 'model/endpoints'),
})
const gateResult = createRoute({
  getParentRoute: () => framed,
  path: '/gate-results/$resultId',
  component: lazyPage(() => import('./model/endpoints/GateResultPage'), 'GateResultPage', 'model/endpoints'),
})
const run = createRoute({
  getParentRoute: () => framed,
  path: '/runs/$runId',
  validateSearch: readRunsAddress,
  component: lazyPage(() => import('./model/RunPage'), 'RunPage', 'model'),
})
const experiments = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/experiments',
  component: lazyPage(() => import('./model/experiments/ExperimentsPage'), 'ExperimentsPage', 'model'),
})
const newExperiment = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/experiments/new',
  validateSearch: (search: Search): { parent?: number; slice?: number } => ({
    parent: whole(search.parent),
    slice: whole(search.slice),
  }),
  component: lazyPage(() => import('./model/experiments/NewExperimentPage'), 'NewExperimentPage', 'model'),
})
const experiment = createRoute({
  getParentRoute: () => framed,
  path: '/experiments/$experimentId',
  component: lazyPage(() => import('./model/experiments/ExperimentPage'), 'ExperimentPage', 'model'),
})
const searches = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/searches',
  component: lazyPage(() => import('./model/searches/SearchesPage'), 'SearchesPage', 'model'),
})
const newSearch = createRoute({
  getParentRoute: () => framed,
  path: '/model/$datasetId/searches/new',
  validateSearch: (search: Search): { slice?: number } => ({ slice: whole(search.slice) }),
  component: lazyPage(() => import('./model/searches/NewSearchPage'), 'NewSearchPage', 'model'),
})
const search = createRoute({
  getParentRoute: () => framed,
  path: '/searches/$searchId',
  component: lazyPage(() => import('./model/searches/SearchPage'), 'SearchPage', 'model'),
})
const ledger = createRoute({
  getParentRoute: () => framed,
  path: '/runs/$runId/ledger',
  component: lazyPage(() => import('./curate/ledger/LedgerPage'), 'LedgerPage', 'curate/ledger'),
})

const jobs = createRoute({
  getParentRoute: () => framed,
  path: '/jobs',
  validateSearch: (search: Search): { state?: string; dataset?: number } => ({
    state: text(search.state),
    dataset: whole(search.dataset),
  }),
  component: lazyPage(() => import('./jobs/JobsPage'), 'JobsPage', 'jobs'),
})
const job = createRoute({
  getParentRoute: () => framed,
  path: '/jobs/$jobId',
  component: lazyPage(() => import('./jobs/JobPage'), 'JobPage', 'jobs'),
})
const notices = createRoute({
  getParentRoute: () => framed,
  path: '/notices',
  component: lazyPage(() => import('./notices/NoticesPage'), 'NoticesPage', 'notices'),
})
const stopMails = createRoute({
  ...waiting,
  getParentRoute: () => root,
  path: '/notices/stop',
  component: lazyPage(() => import('./notices/StopPage'), 'StopPage', 'notices'),
})
const settings = createRoute({
  getParentRoute: () => framed,
  path: '/settings',
  validateSearch: (search: Search): { part?: string; project?: number } => ({
    part: text(search.part),
    project: whole(search.project),
  }),
  component: lazyPage(() => import('./accounts/SettingsPage'), 'SettingsPage', 'accounts'),
})

// biome-ignore format: one line per place of the rail
const tree = root.addChildren([
  login, invitation, stopMails,
  framed.addChildren([
    home, project, history, settings, notices, jobs, job,
    grid, analytics, image, slices, sliceCompare, slice, revisions, revision, imports, exported, classes, improve,
    autoCurate, autoCurateRun, embeddingMap, duplicates, leaks, evaluations, evaluation, boxes, comparisons, comparison,
    desk, batches, batch, decide, batchQuality, task, compared,
    runs, newRun, experiments, newExperiment, baselines, endpoints, endpoint, gateResult, run, experiment, ledger,
    searches, newSearch, search,
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

/**
 * A session that has ended, wherever that is noticed, leads to the login page once, and from there back to where one was.
 * @returns ends this
 */
export function askToSignIn(router: ReturnType<typeof makeRouter>, queries: QueryClient): () => void {
  return onSignedOut(() => {
    const { href, pathname } = router.latestLocation
    if (pathname === '/login' || pathname === '/invitation') return
    queries.removeQueries({ queryKey: meQuery.queryKey })
    void router.navigate({ to: '/login', search: { next: href } })
  })
}

/**
 * Starts whatever the page at the address waits for at once: its code and texts, and who is logged in. One after the other
 * they would take as long as the sum of them.
 */
export function hasten(router: ReturnType<typeof makeRouter>): void {
  const routes: Record<string, AnyRoute> = router.routesById
  for (const { routeId } of router.matchRoutes(router.latestLocation))
    routes[routeId]?.options.component?.preload?.()
  void router.load()
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
