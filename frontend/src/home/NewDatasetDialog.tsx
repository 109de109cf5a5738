import { Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Project } from '../api/types'
import { useCreateDataset } from '../dataset/queries'
import { FormDialog } from '../ui/FormDialog'
import { NameFields } from '../ui/NameFields'

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
  const send = () =>
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
  return (
    <FormDialog
      title={t('newDataset')}
      verb={t('createAndImport')}
      ready={name.trim() !== ''}
      pending={create.isPending}
      problem={create.error}
      {...{ opened, send, close }}
    >
      {projects.length > 1 && (
        <Select
          label={t('project')}
          data={projects.map((one) => ({ value: String(one.id), label: one.name }))}
          value={String(target)}
          onChange={setChosen}
        />
      )}
      <NameFields {...{ name, setName, description, setDescription }} />
      <p className="hd-dim">{t('datasetNext')}</p>
    </FormDialog>
  )
}
