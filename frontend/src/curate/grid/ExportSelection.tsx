import { ExportDialog } from '../../dataset/exports/ExportDialog'
import type { DialogProps } from './dialogProps'
import { useChosenSource } from './useChosenSource'

type Props = Pick<DialogProps, 'list' | 'what' | 'chosen' | 'close'>

/** Exports the selected images: everything that matches by the query line, the rest image by image. */
export function ExportSelection({ list, what, chosen, close }: Props) {
  const source = useChosenSource({ list, what })
  if (!source) return null
  return <ExportDialog dataset={list.dataset} source={source} images={chosen} close={close} />
}
