import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCreateProject } from '../accounts/projects'
import { ProblemNote } from '../ui/ProblemNote'

export function NewProjectDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('home')
  const [name, setName] = useState('')
  const create = useCreateProject()
  const navigate = useNavigate()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(name.trim(), {
      onSuccess: (project) => {
        close()
        setName('')
        void navigate({ to: '/projects/$projectId', params: { projectId: String(project.id) } })
      },
    })
  }
  return (
    <Modal opened={opened} onClose={close} title={t('newProject')} size={420}>
      <form onSubmit={submit}>
        <TextInput
          label={t('name')}
          description={t('projectNameWhat')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        {create.isError && (
          <div style={{ marginTop: 12 }}>
            <ProblemNote error={create.error} />
          </div>
        )}
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!name.trim()} loading={create.isPending}>
            {t('create')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
