import {
  Button,
  Group,
  Modal,
  MultiSelect,
  SegmentedControl,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../api/problem'
import type { Slice } from '../../api/types'
import { ProblemNote } from '../../ui/ProblemNote'
import { useCreateSlice } from './queries'

type Props = { dataset: number; slices: Slice[]; opened: boolean; close: () => void }

/** A slice from a query line, or from slices put together. */
export function NewSliceDialog({ dataset, slices, opened, close }: Props) {
  const { t } = useTranslation('dataset/slices')
  const [name, setName] = useState('')
  const [by, setBy] = useState<'query' | 'union'>('query')
  const [q, setQ] = useState('')
  const [union, setUnion] = useState<string[]>([])
  const create = useCreateSlice(dataset)
  const navigate = useNavigate()
  const queryError = isProblem(create.error, 400) ? create.error.errors.q?.join(' ') : undefined
  const ready = name.trim() && (by === 'query' || union.length > 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { name: name.trim(), ...(by === 'query' ? { q: q.trim() } : { union: union.map(Number) }) },
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
  }
  return (
    <Modal opened={opened} onClose={close} title={t('new')} size={500}>
      <form onSubmit={submit}>
        <Stack gap={14}>
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
              { value: 'union', label: t('fromUnion'), disabled: slices.length === 0 },
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
            <MultiSelect
              size="xs"
              label={t('union')}
              description={t('unionWhat')}
              searchable
              data={slices.map((slice) => ({ value: String(slice.id), label: slice.name }))}
              value={union}
              onChange={setUnion}
            />
          )}
          {create.isError && !queryError && <ProblemNote error={create.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!ready} loading={create.isPending}>
            {t('create')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
