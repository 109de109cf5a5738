import type { ProjectEvaluation, RunStep } from '../../api/types'

/**
 * What the page of all evaluations shows, one row each: a run, a checkpoint of no run, or predictions made elsewhere,
 * with its evaluations and the row that it goes on from. Pure.
 */
export type Row = {
  key: string
  kind: 'run' | 'checkpoint' | 'set'
  name: string
  dataset: number
  /** When it was made, ISO 8601. */
  at: string
  run?: RunStep
  /** Newest first. */
  evaluations: ProjectEvaluation[]
  parent: string | null
}
export type Order = 'time' | 'lineage'

export const runKey = (id: number) => `run-${id}`

/** The row that an evaluation belongs to. */
export function keyOf({ prediction_set: judged, checkpoint }: ProjectEvaluation): string {
  if (judged.run) return runKey(judged.run.id)
  return checkpoint ? `checkpoint-${checkpoint.id}` : `set-${judged.id}`
}

/** All rows, oldest first. Evaluations of runs that are not among `runs` stand for themselves. */
export function rowsOf(evaluations: ProjectEvaluation[], runs: RunStep[]): Row[] {
  const rows = new Map<string, Row>(runs.map((run) => [runKey(run.id), ofRun(run)]))
  for (const one of evaluations) {
    const key = keyOf(one)
    const row = rows.get(key) ?? withoutRun(key, one)
    row.evaluations.push(one)
    if (row.kind !== 'run' && one.created_at < row.at) row.at = one.created_at
    rows.set(key, row)
  }
  for (const row of rows.values()) if (row.parent && !rows.has(row.parent)) row.parent = null
  return [...rows.values()].sort(older)
}

function ofRun(run: RunStep): Row {
  const start = run.start && !run.before ? `checkpoint-${run.start.id}` : null
  return {
    key: runKey(run.id),
    kind: 'run',
    name: run.name,
    dataset: run.dataset,
    at: run.created_at,
    run,
    evaluations: [],
    parent: run.before ? runKey(run.before.id) : start,
  }
}

function withoutRun(
  key: string,
  { prediction_set: judged, checkpoint, dataset, created_at }: ProjectEvaluation,
): Row {
  const kind = judged.run ? 'run' : checkpoint ? 'checkpoint' : 'set'
  const name = judged.run?.name ?? checkpoint?.name ?? judged.name
  return { key, kind, name, dataset, at: created_at, evaluations: [], parent: null }
}

const older = (a: Row, b: Row) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)

/** By time, or each row's heirs below it, the oldest branch first. */
export function inOrder(rows: Row[], order: Order): Row[] {
  if (order === 'time') return rows
  const heirs = new Map<string | null, Row[]>()
  for (const row of rows) heirs.set(row.parent, [...(heirs.get(row.parent) ?? []), row])
  const below = (parent: string | null): Row[] =>
    (heirs.get(parent) ?? []).flatMap((row) => [row, ...below(row.key)])
  return below(null)
}

/**
 * The lane (0 …) of each row in a drawing of the tree, the rows being in an order in which heirs come later. The first
 * heir stays in its parent's lane, each other gets one that is free from the parent's row on, so that no edge runs over
 * a row that is not its own.
 */
export function lanesOf(rows: Row[]): Map<string, number> {
  const heirs = new Map<string, Row[]>()
  for (const row of rows) if (row.parent) heirs.set(row.parent, [...(heirs.get(row.parent) ?? []), row])
  const lanes = new Map<string, number>()
  const taken = new Set<number>()
  const free = () => {
    let lane = 0
    while (taken.has(lane)) lane += 1
    taken.add(lane)
    return lane
  }
  for (const row of rows) {
    const lane = lanes.get(row.key) ?? free()
    lanes.set(row.key, lane)
    const [first, ...others] = heirs.get(row.key) ?? []
    if (first) lanes.set(first.key, lane)
    else taken.delete(lane)
    for (const other of others) lanes.set(other.key, free())
  }
  return lanes
}

/** The nearest row that it comes from, itself left out, of which something holds. */
export function ancestor(row: Row, rows: Map<string, Row>, holds: (row: Row) => boolean): Row | null {
  for (let at = row.parent; at; at = rows.get(at)?.parent ?? null) {
    const found = rows.get(at)
    if (found && holds(found)) return found
  }
  return null
}
