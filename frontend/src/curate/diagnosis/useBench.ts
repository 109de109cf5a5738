import { useNavigate, useSearch } from '@tanstack/react-router'
import { createContext, useCallback, useContext, useMemo } from 'react'
import type { EvaluationDetail } from '../../api/types'
import { type Asked, type Bench, type BenchAddress, boxesAddress, readBench, type Spot } from './bench'

/** What all charts of the page share. */
export type OnBench = {
  readonly evaluation: EvaluationDetail
  /** As the sliders stand, a moment after they have moved. */
  readonly bench: Bench
  readonly set: SetBench
  /** The address of the boxes behind a mark: at the sliders' point, or at one that the mark names. */
  readonly boxes: (asked: Asked, spot?: Partial<Spot>, q?: string) => string
}
export type SetBench = (part: Partial<Bench>, replace?: boolean) => void

export const BenchContext = createContext<OnBench | null>(null)

export function useOnBench(): OnBench {
  const found = useContext(BenchContext)
  if (!found) throw new Error('This is used inside the page of an evaluation only.')
  return found
}

/** Reads the address and writes to it: moving a slider is no step that "back" takes back, another query is. */
export function useBench(evaluation: EvaluationDetail): [Bench, SetBench] {
  const search = useSearch({ strict: false }) as BenchAddress
  const navigate = useNavigate()
  const bench = useMemo(() => readBench(search, evaluation), [search, evaluation])
  const set = useCallback<SetBench>(
    (part, replace = true) => {
      const { of, ...others } = part
      const next = (was: BenchAddress) => ({
        ...was,
        ...others,
        ...('of' in part ? { class: of ?? undefined } : {}),
        ...('q' in part ? { q: part.q?.trim() || undefined } : {}),
      })
      void navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [bench, set]
}

export function useBoxes(evaluation: EvaluationDetail, { conf, iou, q }: Bench): OnBench['boxes'] {
  return useCallback(
    (asked, spot = {}, line = q) => boxesAddress(evaluation, { conf, iou, ...spot }, asked, line),
    [evaluation, conf, iou, q],
  )
}
