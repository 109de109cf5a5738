import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '../../api/types'
import { useSlices } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { checkpointsQuery } from '../queries'
import { gatesQuery, useCreateEndpoint } from './queries'

type Props = { dataset: number; close: () => void; made: (endpoint: Endpoint) => void }

/** A name, its first checkpoint, and by what later ones are judged. */
export function DeployDialog({ dataset, close, made }: Props) {
  const { t } = useTranslation('model/endpoints')
  const create = useCreateEndpoint()
  const checkpoints = useQuery(checkpointsQuery(dataset)).data ?? []
  const slices = useSlices(dataset).data ?? []
  const gates = useQuery(gatesQuery(dataset)).data ?? []
  const [name, setName] = useState('')
  const [checkpoint, setCheckpoint] = useState<string | null>(null)
  const [slice, setSlice] = useState<string | null>(null)
  const [gate, setGate] = useState<string | null>(null)
  const send = () =>
    create.mutate(
      {
        dataset,
        name: name.trim(),
        checkpoint: Number(checkpoint),
        slice: Number(slice),
        gate: gate ? Number(gate) : null,
      },
      { onSuccess: made },
    )
  return (
    <FormDialog
      title={t('deploy')}
      verb={t('deploy')}
      ready={!!name.trim() && !!checkpoint && !!slice}
      pending={create.isPending}
      problem={create.error}
      send={send}
      close={close}
    >
      <TextInput
        label={t('name')}
        description={t('nameHelp')}
        value={name}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t('checkpoint')}
        data={checkpoints.map((one) => ({ value: String(one.id), label: one.name }))}
        value={checkpoint}
        onChange={setCheckpoint}
        searchable
      />
      <Select
        label={t('slice')}
        description={t('sliceHelp')}
        data={slices.map((one) => ({ value: String(one.id), label: one.name }))}
        value={slice}
        onChange={setSlice}
        searchable
      />
      <Select
        label={t('gate')}
        description={t('gateHelp')}
        placeholder={t('noGate')}
        data={gates.map((one) => ({ value: String(one.id), label: one.name }))}
        value={gate}
        onChange={setGate}
        clearable
      />
    </FormDialog>
  )
}
