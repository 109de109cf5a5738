import { useNavigate, useSearch } from '@tanstack/react-router'
import { createContext, useCallback, useContext, useMemo } from 'react'
import type { EvaluationDetail } from '../../api/types'
import {
  type Asked,
  boxesAddress,
  type Controls,
  type ControlsAddress,
  readControls,
  type Spot,
} from './controls'

/** What all charts of the page share. */
export type ControlledEvaluation = {
  readonly evaluation: EvaluationDetail
  /** As the sliders stand, a moment after they have moved. */
  readonly controls: Controls
  readonly set: SetControls
  /** The address of the boxes behind a mark: at the sliders' point, or at one that the mark names. */
  readonly boxes: (asked: Asked, spot?: Partial<Spot>, q?: string) => string
}
export type SetControls = (part: Partial<Controls>, replace?: boolean) => void

export const ControlsContext = createContext<ControlledEvaluation | null>(null)

export function useEvaluationControls(): ControlledEvaluation {
  const found = useContext(ControlsContext)
  if (!found) throw new Error('This is used inside the page of an evaluation only.')
  return found
}

/** Reads the address and writes to it: moving a slider is no step that "back" takes back, another query is. */
export function useControls(evaluation: EvaluationDetail): [Controls, SetControls] {
  const search = useSearch({ strict: false }) as ControlsAddress
  const navigate = useNavigate()
  const controls = useMemo(() => readControls(search, evaluation), [search, evaluation])
  const set = useCallback<SetControls>(
    (part, replace = true) => {
      const { of, ...others } = part
      const next = (was: ControlsAddress) => ({
        ...was,
        ...others,
        ...('of' in part ? { class: of ?? undefined } : {}),
        ...('q' in part ? { q: part.q?.trim() || undefined } : {}),
      })
      void navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [controls, set]
}

export function useBoxes(
  evaluation: EvaluationDetail,
  { conf, iou, q }: Controls,
): ControlledEvaluation['boxes'] {
  return useCallback(
    (asked, spot = {}, line = q) => boxesAddress(evaluation, { conf, iou, ...spot }, asked, line),
    [evaluation, conf, iou, q],
  )
}
