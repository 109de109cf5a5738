import { MultiSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../api/problem'
import type { Slice } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { OPERATIONS, type Operation, useCreateSlice } from './queries'

export type SliceSet = { operation: Operation; slices: number[] }
type Props = { dataset: number; slices: Slice[]; close: () => void; set?: SliceSet }

/** A slice from a query line, or from other slices: put together, cut, or taken away from each other. */
export function NewSliceDialog({ dataset, slices, close, set }: Props) {
  const { t } = useTranslation('dataset/slices')
  const [name, setName] = useState('')
  const [by, setBy] = useState<'query' | 'slices'>(set ? 'slices' : 'query')
  const [q, setQ] = useState('')
  const [operation, setOperation] = useState<Operation>(set?.operation ?? 'union')
  const [chosen, setChosen] = useState<string[]>((set?.slices ?? []).map(String))
  const create = useCreateSlice(dataset)
  const navigate = useNavigate()
  const queryError = isProblem(create.error, 400) ? create.error.errors.q?.join(' ') : undefined
  const ready = name.trim() !== '' && (by === 'query' || chosen.length > 1)
  const send = () =>
    create.mutate(
      { name: name.trim(), ...(by === 'query' ? { q: q.trim() } : { [operation]: chosen.map(Number) }) },
      {
        onSuccess: (slice) => {
          close()
          void navigate({
            to: '/datasets/$datasetId/slices/$sliceId',
            params: { datasetId: String(dataset), sliceId: String(slice.id) },
          })
        },
      },
    )
  return (
    <FormDialog
      title={t('new')}
      verb={t('create')}
      size={500}
      ready={ready}
      pending={create.isPending}
      problem={queryError ? null : create.error}
      {...{ send, close }}
    >
      <TextInput
        label={t('name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <SegmentedControl
        aria-label={t('from')}
        style={{ alignSelf: 'flex-start' }}
        value={by}
        onChange={setBy}
        data={[
          { value: 'query', label: t('fromQuery') },
          { value: 'slices', label: t('fromSlices'), disabled: slices.length < 2 },
        ]}
      />
      {by === 'query' ? (
        <Textarea
          label={t('query')}
          description={t('queryWhat')}
          placeholder='weather = "rainy" and count(rider) >= 1'
          styles={{ input: { fontFamily: 'var(--hd-mono)' } }}
          autosize
          minRows={2}
          spellCheck={false}
          value={q}
          error={queryError}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
      ) : (
        <>
          <SegmentedControl
            aria-label={t('operation')}
            style={{ alignSelf: 'flex-start' }}
            value={operation}
            onChange={setOperation}
            data={OPERATIONS.map((value) => ({ value, label: t(`operations.${value}`) }))}
          />
          <MultiSelect
            size="xs"
            label={t('slices')}
            description={t(`operationWhat.${operation}`)}
            searchable
            data={slices.map((slice) => ({ value: String(slice.id), label: slice.name }))}
            value={chosen}
            onChange={setChosen}
          />
        </>
      )}
    </FormDialog>
  )
}
