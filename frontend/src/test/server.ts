import { expect, vi } from 'vitest'
import { noteOutage } from '../api/outage'
import type { paths } from '../api/schema'

/**
 * The API as a test needs it: answers what the test says, remembers what it was sent, and lets a test fail that calls
 * what nobody said. Routes and answers are held to the schema.
 */

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Short<P extends string> = P extends `/api/v1/${infer Rest}` ? Rest : never
type Name<P extends keyof paths, M extends Method> = [NonNullable<paths[P][M]>] extends [never]
  ? never
  : `${Uppercase<M>} ${Short<P>}`
/** `GET datasets/{dataset_id}`: a method, and a path below `/api/v1/`. */
export type Route = { [P in keyof paths]: { [M in Method]: Name<P, M> }[Method] }[keyof paths]

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : undefined
type Success<R> = R extends { 200: infer T }
  ? Json<T>
  : R extends { 201: infer T }
    ? Json<T>
    : R extends { 202: infer T }
      ? Json<T>
      : undefined
type AnswerOf<R extends Route> = R extends `${infer M} ${infer P}`
  ? `/api/v1/${P}` extends infer Full
    ? Full extends keyof paths
      ? paths[Full][Lowercase<M> & Method] extends { responses: infer Responses }
        ? Success<Responses>
        : never
      : never
    : never
  : never

/** One call, as the server got it. */
export type Sent = {
  route: Route
  /** What stands in the gaps of the path, by name. */
  params: Record<string, string>
  query: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what it sent itself
  body: any
  headers: Headers
}

/** An answer in the API's one problem shape. */
export class Refusal {
  readonly status: number
  readonly body: object
  constructor(status: number, body: object) {
    this.status = status
    this.body = body
  }
}
export const refused = (status: number, body: object = {}): Refusal => new Refusal(status, body)

type Answer<R extends Route> = AnswerOf<R> | Refusal | Promise<AnswerOf<R>>
export type Answers = { [R in Route]?: Answer<R> | ((sent: Sent) => Answer<R>) }

export type FakeServer = {
  /** What was sent so far, of one route where it is named. */
  sent: (route?: Route) => Sent[]
  /** The one call of a route; a test that asks for it wants exactly one. */
  only: (route: Route) => Sent
  /** Other answers from now on. */
  answer: (answers: Answers) => void
}

/** What every frame asks. */
const WELL = {
  status: 'ok' as const,
  database: true,
  broker: true,
  disk: { state: 'ok' as const, free: 0.5 },
  workers: { cpu: 1, gpu: 1 },
}

let unexpected: string[] = []

/** Called after every test. */
export function closeServer(): void {
  const calls = unexpected
  unexpected = []
  noteOutage(null)
  vi.unstubAllGlobals()
  expect(calls, 'calls that no answer was given for').toEqual([])
}

export function serve(answers: Answers): FakeServer {
  const known: Answers = { 'GET health': WELL, ...answers }
  const sent: Sent[] = []
  const mine = unexpected
  const reply = async (method: string, address: string, body: unknown, headers: Headers) => {
    const url = new URL(address, location.origin)
    const call = matched(known, method, url)
    if (!call) {
      mine.push(`${method} ${url.pathname}${url.search}`)
      return new Refusal(501, { title: 'Nobody said what this answers' })
    }
    const one: Sent = { ...call, query: Object.fromEntries(url.searchParams), body, headers }
    sent.push(one)
    const answer = known[one.route] as unknown
    return typeof answer === 'function' ? await answer(one) : await answer
  }
  vi.stubGlobal('fetch', async (address: string, { method = 'GET', body, headers }: RequestInit = {}) => {
    const answer = await reply(method, address, parsed(body), new Headers(headers))
    return response(answer)
  })
  vi.stubGlobal('XMLHttpRequest', uploading(reply))
  return {
    sent: (route) => sent.filter((one) => !route || one.route === route),
    only: (route) => {
      const calls = sent.filter((one) => one.route === route)
      expect(calls, `calls of ${route}`).toHaveLength(1)
      return calls[0]!
    },
    answer: (more) => void Object.assign(known, more),
  }
}

const parsed = (body: unknown) => (typeof body === 'string' ? JSON.parse(body) : body)

/** The route that fits, those without gaps before those with. */
function matched(known: Answers, method: string, url: URL): Pick<Sent, 'route' | 'params'> | undefined {
  const path = url.pathname.replace('/api/v1/', '')
  const routes = (Object.keys(known) as Route[]).sort((a, b) => gaps(a) - gaps(b))
  for (const route of routes) {
    const [verb, template] = route.split(' ') as [string, string]
    const pattern = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
    const found = verb === method ? pattern.exec(path) : null
    if (found) return { route, params: { ...found.groups } }
  }
}

const gaps = (route: string) => route.split('{').length

function response(answer: unknown): Response {
  if (answer instanceof Refusal)
    return Response.json(answer.body, {
      status: answer.status,
      headers: { 'Content-Type': 'application/problem+json' },
    })
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer)
}

type Reply = (method: string, address: string, body: unknown, headers: Headers) => Promise<unknown>

/** What uploads use of XMLHttpRequest, since fetch cannot tell how far it is. */
function uploading(reply: Reply) {
  return class {
    readonly upload: { onprogress?: (event: object) => void } = {}
    onload?: () => void
    onerror?: () => void
    onabort?: () => void
    status = 0
    statusText = ''
    responseText = ''
    private method = ''
    private address = ''
    private readonly headers = new Headers()

    open(method: string, address: string) {
      this.method = method
      this.address = address
    }

    setRequestHeader(name: string, value: string) {
      this.headers.set(name, value)
    }

    send(body: unknown) {
      void reply(this.method, this.address, body, this.headers).then((answer) => {
        this.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 1 })
        this.status = answer instanceof Refusal ? answer.status : 200
        this.responseText = JSON.stringify(answer instanceof Refusal ? answer.body : answer)
        this.onload?.()
      })
    }

    abort() {
      this.onabort?.()
    }
  }
}
