import { CHROME, type Scheme } from './colours'

type Axis = Record<string, unknown>

/** The one style of all charts: thin axes, quiet grid, tooltips in the chrome's grey. */
export function chartStyle(scheme: Scheme) {
  const ink = CHROME[scheme]
  const axis: Axis = {
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
    axisLabel: { color: ink.dim, fontSize: 11 },
    splitLine: { lineStyle: { color: ink.line, width: 1 } },
    nameTextStyle: { color: ink.dim, fontSize: 11 },
  }
  return {
    ink,
    axis,
    base: {
      animationDuration: 200,
      animationDurationUpdate: 200,
      textStyle: { fontFamily: 'Inter Variable, sans-serif', color: ink.text, fontSize: 12 },
      grid: { left: 8, right: 12, top: 14, bottom: 6, containLabel: true },
      tooltip: {
        backgroundColor: scheme === 'dark' ? '#242426' : '#ffffff',
        borderColor: ink.line,
        padding: [6, 10],
        textStyle: { color: ink.text, fontSize: 12 },
        confine: true,
      },
    },
  }
}

/** One option over another: objects are merged key by key, anything else is replaced. */
export function merged<T extends Record<string, unknown>>(base: T, over: Record<string, unknown>): T {
  const out: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const was = out[key]
    out[key] = isPlain(was) && isPlain(value) ? merged(was, value) : value
  }
  return out as T
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
