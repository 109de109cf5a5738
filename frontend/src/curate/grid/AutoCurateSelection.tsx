import { type Kind, StartDialog } from '../autocurate/StartDialog'
import type { DialogProps } from './dialogProps'
import { useChosenSource } from './useChosenSource'

type Props = Pick<DialogProps, 'list' | 'what' | 'close'> & { auto: Kind }

/** Starts an auto-curate run on what is selected: all that match by the query line, the rest by their ids. */
export function AutoCurateSelection({ list, what, close, auto }: Props) {
  const source = useChosenSource({ list, what })
  if (!source) return null
  const q = 'q' in source ? source.q : `id in (${source.images.join(', ')})`
  return <StartDialog dataset={list.dataset} kind={auto} q={q} close={close} />
}
