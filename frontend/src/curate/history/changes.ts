import { useTranslation } from 'react-i18next'
import type { RunStep } from '../../api/types'
import { count, number } from '../../ui/format'
import type { Row } from './rows'

const SHOWN = 2 // settings that are named in the row; the others are counted

/** What changed from the run before, in a line, and in full for a tooltip. */
export function useChanges(row: Row): { short: string; all: string } {
  const { t } = useTranslation('curate/history')
  const { run } = row
  if (!run) return once(t(row.kind === 'set' ? 'imported' : row.kind === 'run' ? 'olderRun' : 'noRun'))
  const { changes } = run
  if (!changes || !run.before) return once([root(run), ...data(run)].join(' · '))
  const images = [
    ...(changes.images_added ? [t('imagesAdded', { n: count(changes.images_added) })] : []),
    ...(changes.images_removed ? [t('imagesRemoved', { n: count(changes.images_removed) })] : []),
  ]
  const slices = [
    ...changes.slices_added.map((name) => `+ ${name}`),
    ...changes.slices_removed.map((name) => `− ${name}`),
  ]
  const labels =
    changes.revision === changes.revision_before
      ? []
      : [t('labelsFrom', { before: changes.revision_before, after: changes.revision })]
  const settings = changes.settings.map(
    ({ name, before, after }) => `${name} ${shown(before)} → ${shown(after)}`,
  )
  const more = settings.length > SHOWN ? [t('moreSettings', { count: settings.length - SHOWN })] : []
  const inData = [...images, ...(slices.length > 0 ? [slices.join(', ')] : []), ...labels]
  const whole = inData.length > 0 ? inData : [t('sameData')]
  const fresh = run.weights === 'checkpoint' ? [] : [root(run)]
  return {
    short: [...whole, ...settings.slice(0, SHOWN), ...more, ...fresh].join(' · '),
    all: [...whole, ...settings, ...fresh].join('\n'),
  }

  function root(of: RunStep): string {
    if (of.weights === 'checkpoint' && of.start) return t('from', { name: of.start.name })
    return t(`weights.${of.weights as 'base' | 'scratch'}`)
  }

  function data(of: RunStep): string[] {
    const names = of.slices.map(({ name }) => name).join(', ')
    const images = of.images === null ? [] : [t('images', { count: of.images, n: count(of.images) })]
    return [...(names ? [names] : []), ...images, t('labelsAt', { revisions: `r${of.revision}` })]
  }
}

const once = (text: string) => ({ short: text, all: text })

function shown(value: unknown): string {
  return typeof value === 'number'
    ? number(value)
    : value === null || value === undefined
      ? '–'
      : String(value)
}
