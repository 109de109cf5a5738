import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCreateProject } from '../accounts/projects'
import { FormDialog } from '../ui/FormDialog'

export function NewProjectDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('home')
  const [name, setName] = useState('')
  const create = useCreateProject()
  const navigate = useNavigate()
  const send = () =>
    create.mutate(name.trim(), {
      onSuccess: (project) => {
        close()
        setName('')
        void navigate({ to: '/projects/$projectId', params: { projectId: String(project.id) } })
      },
    })
  return (
    <FormDialog
      title={t('newProject')}
      verb={t('create')}
      ready={name.trim() !== ''}
      pending={create.isPending}
      problem={create.error}
      {...{ opened, send, close }}
    >
      <TextInput
        label={t('name')}
        description={t('projectNameWhat')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}
