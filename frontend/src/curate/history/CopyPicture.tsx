import { Button, useComputedColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { toast, toastProblem } from '../../ui/toast'
import { panelsOf } from './panels'
import { picture } from './picture'
import { inOrder, type Row } from './rows'
import type { HistorySearch } from './useHistorySearch'

/** Copies the points as they are shown as a PNG. */
export function CopyPicture({ rows, search }: { rows: Row[]; search: HistorySearch }) {
  const { t } = useTranslation(['curate/history', 'ui'])
  const scheme = useComputedColorScheme('dark')
  const copy = async () => {
    const shown = inOrder(rows, search.order)
    const made = await picture({
      rows: shown,
      panels: panelsOf(shown.flatMap((row) => row.evaluations).sort((a, b) => b.id - a.id)),
      figure: search.figure,
      ofClass: search.class,
      scheme,
      head: (panel, { revisions }, at) => [
        at > 0 ? t('break') : panel.names.join(', ') || t('someImages'),
        [
          ...(at === 0 && panel.images !== null
            ? [t('images', { count: panel.images, n: count(panel.images) })]
            : []),
          t('labelsAt', { revisions: revisions.map((n) => `r${n}`).join(', ') }),
        ].join(' · '),
      ],
    })
    if (!made) return
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': made })])
    toast(t('ui:copied'))
  }
  return (
    <Button size="compact-xs" onClick={() => copy().catch(toastProblem)}>
      {t('ui:copyPng')}
    </Button>
  )
}
