import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react'
import { isTaken, strokeOf } from './keys'

/** Something a person can do here. Buttons, shortcuts, the palette and the shortcut sheet all show the same value. */
export type Action = {
  id: string
  label: string
  /** Heading in the palette and on the shortcut sheet. */
  group?: string
  /** Shortcut, see keys.ts. */
  keys?: string
  /** False: the page listens for the keys itself, here they are only shown. */
  bound?: boolean
  disabled?: boolean
  /** Left out of the palette (arrow keys and the like): only shown on the shortcut sheet. */
  hidden?: boolean
  perform: () => void
}

/** All actions of what is on the screen, in the order in which they were registered. */
export class ActionRegistry {
  private parts = new Map<symbol, { actions: Action[]; last: boolean }>()
  private listeners = new Set<() => void>()
  private all: Action[] = []

  /** @param last whether they stand after all others: what can be done on every page */
  set(part: symbol, actions: Action[] | null, last = false): void {
    if (actions) this.parts.set(part, { actions, last })
    else this.parts.delete(part)
    const parts = [...this.parts.values()].sort((a, b) => Number(a.last) - Number(b.last))
    this.all = parts.flatMap((one) => one.actions)
    for (const listener of this.listeners) listener()
  }

  list = (): Action[] => this.all

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The first wins, so that a page can take a key from the frame. */
  find(keys: string): Action | undefined {
    return this.all.find((action) => action.keys === keys && action.bound !== false && !action.disabled)
  }

  startsSequence(stroke: string): boolean {
    return this.all.some((action) => action.keys?.startsWith(`${stroke} `) && action.bound !== false)
  }
}

const Registry = createContext<ActionRegistry | null>(null)
const SEQUENCE_MS = 1200

/** Keeps the registry and listens for the keys of what is in it. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const registry = useMemo(() => new ActionRegistry(), [])
  const pending = useRef({ stroke: '', at: 0 })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const stroke = strokeOf(event)
      if (event.defaultPrevented || isTaken(stroke, event.target)) return
      const first = Date.now() - pending.current.at < SEQUENCE_MS ? pending.current.stroke : ''
      const action = (first && registry.find(`${first} ${stroke}`)) || registry.find(stroke)
      pending.current = { stroke: !action && registry.startsSequence(stroke) ? stroke : '', at: Date.now() }
      if (!action) return
      event.preventDefault()
      action.perform()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [registry])
  return <Registry.Provider value={registry}>{children}</Registry.Provider>
}

function useRegistry(): ActionRegistry {
  const registry = useContext(Registry)
  if (!registry) throw new Error('useActions stands below ActionsProvider only')
  return registry
}

/** Offers actions for as long as the component is shown. `perform` may change on every render; nothing is re-registered for it. */
export function useActions(actions: Action[], { last = false } = {}): void {
  const registry = useRegistry()
  const latest = useRef(actions)
  latest.current = actions
  const shape = JSON.stringify(actions.map(({ perform: _, ...rest }) => rest))
  useEffect(() => {
    const part = Symbol(shape.length)
    const live = latest.current.map((action, index) => ({
      ...action,
      perform: () => latest.current[index]?.perform(),
    }))
    registry.set(part, live, last)
    return () => registry.set(part, null)
  }, [registry, shape, last])
}

/** What can be done on the page that is shown. */
export function useAllActions(): Action[] {
  const registry = useRegistry()
  return useSyncExternalStore(registry.subscribe, registry.list)
}
