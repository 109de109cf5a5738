import type { components } from './schema'

/** What the server may say; what stands before it, a proxy, may say nothing of it. */
type Body = Partial<components['schemas']['Problem']>

/** Why a call failed, in the API's one problem shape (`application/problem+json`). */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string
  /** Sentences by field of the form that was sent. */
  readonly errors: Record<string, string[]>
  /** The whole answer, for problems that carry more (a `column`, the `current` task). */
  readonly body: Body

  constructor(status: number, body: Body) {
    super(body.detail || body.title || `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.title = body.title ?? ''
    this.detail = body.detail ?? ''
    this.errors = listed(body.errors ?? {})
    this.body = body
  }

  /** Status 0: the server did not answer at all. */
  static offline(): Problem {
    return new Problem(0, { title: 'offline' })
  }

  static async from(response: Response): Promise<Problem> {
    const text = await response.text()
    try {
      return new Problem(response.status, JSON.parse(text) as Body)
    } catch {
      return new Problem(response.status, { title: response.statusText })
    }
  }

  get isOffline(): boolean {
    return this.status === 0
  }
}

function listed(errors: Record<string, string[] | string>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(errors).map(([field, said]) => [
      field,
      Array.isArray(said) ? said.map(String) : [String(said)],
    ]),
  )
}

/** Whether an error is a problem of that status. */
export function isProblem(error: unknown, status?: number): error is Problem {
  return error instanceof Problem && (status === undefined || error.status === status)
}
