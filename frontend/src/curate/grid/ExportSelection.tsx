import { useEffect, useState } from 'react'
import { ExportDialog } from '../../dataset/exports/ExportDialog'
import type { ExportSource } from '../../dataset/exports/queries'
import { toastProblem } from '../../ui/toast'
import type { ImageList } from './queries'
import type { Selection } from './selection'

type Props = {
  list: ImageList
  selection: Selection
  chosen: number
  ids: () => Promise<number[]>
  close: () => void
}

/** Exports what is selected: everything that matches by the query line, the rest image by image. */
export function ExportSelection({ list, selection, chosen, ids, close }: Props) {
  const byQuery = selection.all && selection.ids.size === 0
  const [source, setSource] = useState<ExportSource | null>(byQuery ? { q: list.q } : null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected when the dialog opens is exported
  useEffect(() => {
    if (!source) ids().then((images) => setSource({ images }), toastProblem)
  }, [])
  if (!source) return null
  return <ExportDialog dataset={list.dataset} source={source} images={chosen} close={close} />
}
