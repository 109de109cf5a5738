import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { useMay } from '../dataset/useMay'
import { isActive } from '../jobs/queries'
import { useActions } from '../ui/actions'
import { Confirm } from '../ui/Confirm'
import { OffButton } from '../ui/OffButton'
import { useGo } from '../ui/PathLink'
import { toastProblem } from '../ui/toast'
import { experimentAddress } from './draft'
import { useDeleteRun, useRunAction } from './queries'
import { ResumeDialog } from './ResumeDialog'

/** What a manager can do with a run. */
export function RunActions({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const go = useGo()
  const navigate = useNavigate()
  const cancel = useRunAction(run.id, 'cancel')
  const resume = useRunAction(run.id, 'resume')
  const remove = useDeleteRun(run.id)
  const [deleting, setDeleting] = useState(false)
  const [extending, setExtending] = useState(false)
  const manages = useMay(run.dataset, 'manager')
  const active = isActive(run)
  const resumable = run.state === 'failed' || run.state === 'cancelled'
  const more = () => go(`/model/${run.dataset}/new?parent=${run.id}`)
  const control = () => go(`/model/${run.dataset}/new?control_of=${run.id}`)
  const experiment = () => go(experimentAddress(run.dataset, run.id, []))
  const onError = toastProblem
  useActions(
    manages
      ? [
          {
            id: 'trainMore',
            label: t('trainMore'),
            group: run.name,
            keys: 'm',
            disabled: run.checkpoints.length === 0,
            perform: more,
          },
          {
            id: 'experiment',
            label: t('experiment.new'),
            group: run.name,
            keys: 'e',
            disabled: run.checkpoints.length === 0,
            perform: experiment,
          },
          { id: 'trainControl', label: t('trainControl'), group: run.name, perform: control },
          {
            id: 'cancelRun',
            label: t('cancelRun'),
            group: run.name,
            disabled: !active,
            perform: () => cancel.mutate(undefined, { onError }),
          },
          {
            id: 'resumeRun',
            label: t('resume'),
            group: run.name,
            disabled: !resumable,
            perform: () => resume.mutate(undefined, { onError }),
          },
        ]
      : [],
  )
  if (!manages) return null
  return (
    <>
      {active && (
        <OffButton
          loading={cancel.isPending}
          off={run.job?.cancel_requested && t('ui:off.cancelling')}
          onClick={() => cancel.mutate(undefined, { onError })}
        >
          {t(run.job?.cancel_requested ? 'cancelling' : 'cancelRun')}
        </OffButton>
      )}
      {resumable && (
        <Button loading={resume.isPending} onClick={() => resume.mutate(undefined, { onError })}>
          {t('resume')}
        </Button>
      )}
      {run.checkpoints.length > 0 && (
        <Button variant="filled" onClick={more}>
          {t('trainMore')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button px={7} aria-label={t('more')}>
            <IconDots size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {run.checkpoints.length > 0 && <Menu.Item onClick={experiment}>{t('experiment.new')}</Menu.Item>}
          {resumable && <Menu.Item onClick={() => setExtending(true)}>{t('resumeWith')}</Menu.Item>}
          <Menu.Item onClick={control}>{t('trainControl')}</Menu.Item>
          {!active && (
            <Menu.Item color="red" onClick={() => setDeleting(true)}>
              {t('deleteRun')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ResumeDialog run={run} opened={extending} close={() => setExtending(false)} />
      <Confirm
        opened={deleting}
        close={() => setDeleting(false)}
        title={t('deleteTitle', { name: run.name })}
        verb={t('deleteRun')}
        danger
        pending={remove.isPending}
        error={remove.error}
        confirm={() =>
          remove.mutate(undefined, {
            onSuccess: () =>
              void navigate({ to: '/model/$datasetId', params: { datasetId: String(run.dataset) } }),
          })
        }
      >
        {t('deleteWhat')}
      </Confirm>
    </>
  )
}
