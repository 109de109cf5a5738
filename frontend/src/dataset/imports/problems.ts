import type { ImportProblem } from '../../api/types'

export type ActionFilter = 'all' | ImportProblem['action']

/** Problems of that action and kind (all where empty) whose file or reason holds the text, each with its place in the report. */
export function matching(
  problems: ImportProblem[],
  action: ActionFilter,
  kind: string,
  text: string,
): (ImportProblem & { n: number })[] {
  const wanted = text.trim().toLowerCase()
  return problems
    .map((problem, n) => ({ ...problem, n }))
    .filter((one) => action === 'all' || one.action === action)
    .filter((one) => !kind || one.kind === kind)
    .filter((one) => !wanted || `${one.file} ${one.reason}`.toLowerCase().includes(wanted))
}
