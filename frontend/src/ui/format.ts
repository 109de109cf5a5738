import i18next from 'i18next'

/** Numbers, sizes and times as people read them, in the language of the page. */

/** English dates are written day first with a 24-hour clock. */
const language = () => (i18next.language === 'ko' ? 'ko' : 'en-GB')

/** A count: 12,345. */
export function count(value: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 0 }).format(value)
}

/** A plain number with at most three significant decimals: 0.00213, 12.3, 4,120. */
export function number(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const options = size >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits }
  return new Intl.NumberFormat(language(), options).format(value)
}

/** A share (0–1) as percent: 42 %. */
export function percent(share: number, decimals = 0): string {
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: decimals }).format(
    share,
  )
}

/** A score (0–1) in points of a hundred with one decimal, as detection papers print AP: 42.3. */
export function points(score: number | null | undefined): string {
  if (score === null || score === undefined || !Number.isFinite(score)) return '–'
  return fixed(score * 100, 1)
}

/** The same for a difference, always with its sign: +3.4, −0.2, 0.0. */
export function signedPoints(difference: number): string {
  const text = fixed(Math.abs(difference) * 100, 1)
  if (Number(text) === 0) return text
  return (difference > 0 ? '+' : '−') + text
}

/**
 * The interval behind a figure in points: ± 0.8 where both sides are equal to the last digit shown, else its ends,
 * [41.2, 42.9]. `write` says them as the figure is said: with signs, of a difference.
 */
export function bounds(
  value: number,
  { low, high }: { low: number; high: number },
  write: (score: number) => string = points,
): string {
  const [below, above] = [points(value - low), points(high - value)]
  return below === above ? `± ${above}` : `[${write(low)}, ${write(high)}]`
}

function fixed(value: number, decimals: number): string {
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value)
}

/** Bytes in powers of 1000: 6.2 MB. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = size
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${number(value)} ${units[unit]}`
}

/** Large counts of parameters or operations: 3.2 M. */
export function million(value: number): string {
  return `${number(value / 1e6)} M`
}

/** Seconds as 8 s, 4 min 10 s, 2 h 05 min; words of the language. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const word = (key: string, n: number | string) => i18next.t(`ui:duration.${key}`, { n })
  if (h > 0) return `${word('h', h)} ${word('min', String(m).padStart(2, '0'))}`
  if (m >= 10 || (m > 0 && s === 0)) return word('min', m)
  if (m > 0) return `${word('min', m)} ${word('s', String(s).padStart(2, '0'))}`
  return word('s', s)
}

/** A day to come, or long gone. */
export function day(iso: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(new Date(iso))
}

/** Date and minute: 23 Nov 2026, 18:12. */
export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(language(), {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(new Date(iso))
}

/** Time of day to the second, for log lines. */
export function clock(iso: string): string {
  return new Intl.DateTimeFormat(language(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** How long ago: "5 minutes ago"; a week or more is given as a date. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (now - new Date(iso).getTime()) / 1000
  if (seconds < 45) return i18next.t('ui:now')
  if (seconds > 7 * 86_400)
    return new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(new Date(iso))
  const [unit, size] = STEPS.find(([, step]) => seconds >= step) ?? ['minute', 60]
  return new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(
    -Math.max(1, Math.round(seconds / size)),
    unit,
  )
}

/** A person's name, whichever of the API's forms it came in. */
export function personName(person: { name: string; email: string } | string | null): string {
  if (person === null) return i18next.t('ui:halfdayItself')
  return typeof person === 'string' ? person : person.name || person.email
}
