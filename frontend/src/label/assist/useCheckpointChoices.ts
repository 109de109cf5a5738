import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../ui/format'
import { checkpointsQuery } from './queries'

export type CheckpointChoice = { readonly id: number; readonly name: string }

/** A dataset's checkpoints under names that tell them apart; baselines know other classes, and belong to no project. */
export function useCheckpointChoices(dataset: number, enabled = true): readonly CheckpointChoice[] {
  const { t } = useTranslation('label/assist')
  const { data = [] } = useQuery({ ...checkpointsQuery(dataset), enabled })
  return data
    .filter(({ kind }) => kind !== 'base')
    .map(({ id, name, run, kind, created_at }) => ({
      id,
      name: run === null ? name : t(`choose.kinds.${kind}`, { name, run, at: dateTime(created_at) }),
    }))
}
