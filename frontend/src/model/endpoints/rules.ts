import type { GateDocument, GateRule } from '../../api/types'

/** A rule as the form has it: empty texts say nothing. */
export type DraftRule = {
  key: number
  figure: GateRule['figure']
  drop: number | ''
  /** A class's name, `EVERY` for each of them, '' for the mean of all. */
  of: string
  scenario: string
}
export type DraftScenario = { key: number; name: string; kind: 'query' | 'slice'; value: string }

export const EVERY = '\u0000every'
export const FIGURES = ['mAP', 'mAP50', 'AP75', 'APs', 'APm', 'APl', 'AR100'] as const

let keys = 0
export const freshRule = (): DraftRule => ({ key: ++keys, figure: 'mAP', drop: 1, of: '', scenario: '' })
export const freshScenario = (): DraftScenario => ({ key: ++keys, name: '', kind: 'query', value: '' })

export function draftOf(document: GateDocument): { rules: DraftRule[]; scenarios: DraftScenario[] } {
  const rules = document.rules.map((rule) => ({
    ...freshRule(),
    figure: rule.figure ?? 'mAP',
    drop: rule.drop,
    of: rule.classes ? EVERY : (rule.class ?? ''),
    scenario: rule.scenario ?? '',
  }))
  const scenarios = Object.entries(document.scenarios ?? {}).flatMap(([name, one]) => {
    const [kind, value] = Object.entries(one)[0] ?? []
    if (kind !== 'query' && kind !== 'slice') return []
    return [{ ...freshScenario(), name, kind, value: String(value) } as DraftScenario]
  })
  return { rules, scenarios }
}

/** What is sent; scenarios that the form cannot show (lists of images, values of fields) are kept as they are. */
export function documentOf(rules: DraftRule[], scenarios: DraftScenario[], before?: GateDocument) {
  const shown = new Set(
    draftOf({ rules: [], scenarios: before?.scenarios ?? {} }).scenarios.map(({ name }) => name),
  )
  const kept = Object.entries(before?.scenarios ?? {}).filter(([name]) => !shown.has(name))
  return {
    rules: rules.map(({ figure, drop, of, scenario }) => ({
      figure,
      drop: Number(drop),
      ...(of === EVERY ? { classes: 'every' as const } : of ? { class: of } : {}),
      ...(scenario ? { scenario } : {}),
    })),
    scenarios: Object.fromEntries([
      ...kept,
      ...scenarios.map(({ name, kind, value }) => [name.trim(), { [kind]: value }]),
    ]) as Record<string, Record<string, unknown>>,
  }
}

/** The names of scenarios that a rule can choose. */
export function scenarioNames(scenarios: DraftScenario[], before?: GateDocument): string[] {
  return [
    ...new Set([...Object.keys(before?.scenarios ?? {}), ...scenarios.map(({ name }) => name.trim())]),
  ].filter(Boolean)
}
