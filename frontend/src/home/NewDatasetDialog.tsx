import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Project } from '../api/types'
import { useCreateDataset } from '../dataset/queries'
import { ProblemNote } from '../ui/ProblemNote'

type Props = { opened: boolean; close: () => void; projects: Project[]; project?: number }

/** Names a dataset; its classes come with the first import, so the next page is the import. */
export function NewDatasetDialog({ opened, close, projects, project }: Props) {
  const { t } = useTranslation('home')
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const create = useCreateDataset()
  const navigate = useNavigate()
  const target = Number(chosen ?? project ?? projects[0]?.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { project: target, name: name.trim(), description: description.trim() },
      {
        onSuccess: (dataset) => {
          close()
          setName('')
          setDescription('')
          void navigate({
            to: '/datasets/$datasetId/imports',
            params: { datasetId: String(dataset.id) },
            search: {},
          })
        },
      },
    )
  }
  return (
    <Modal opened={opened} onClose={close} title={t('newDataset')} size={460}>
      <form onSubmit={submit}>
        <Stack gap={12}>
          {projects.length > 1 && (
            <Select
              label={t('project')}
              data={projects.map((one) => ({ value: String(one.id), label: one.name }))}
              value={String(target)}
              onChange={setChosen}
            />
          )}
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Textarea
            label={t('description')}
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <p className="hd-dim">{t('datasetNext')}</p>
          {create.isError && <ProblemNote error={create.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!name.trim()} loading={create.isPending}>
            {t('createAndImport')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
