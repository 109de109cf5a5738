import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Experiment } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { isActive } from '../../jobs/queries'
import { useActions } from '../../ui/actions'
import { Confirm } from '../../ui/Confirm'
import { OffButton } from '../../ui/OffButton'
import { useGo } from '../../ui/PathLink'
import { toastProblem } from '../../ui/toast'
import { useDeleteExperiment, useExperimentAction, useMoreSeeds } from './queries'

const MOST_SEEDS = 10

/** What a manager can do with an experiment. */
export function ExperimentActions({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation('model')
  const go = useGo()
  const navigate = useNavigate()
  const cancel = useExperimentAction(experiment.id, 'cancel')
  const judge = useExperimentAction(experiment.id, 'judge')
  const more = useMoreSeeds(experiment.id)
  const remove = useDeleteExperiment(experiment.id)
  const [deleting, setDeleting] = useState(false)
  const [adding, setAdding] = useState(false)
  const manages = useMay(experiment.dataset, 'manager')
  const training = experiment.runs.some(isActive)
  const full = experiment.seeds.length >= MOST_SEEDS
  const best = experiment.result?.best.run
  const onError = toastProblem
  const judged = Boolean(experiment.result?.delta) // a verdict has been read, and a further look costs what it costs
  const addSeed = () => (judged ? setAdding(true) : more.mutate(1, { onError }))
  useActions(
    manages
      ? [
          {
            id: 'moreSeeds',
            label: t('experiment.moreSeeds'),
            group: experiment.name,
            disabled: full,
            perform: addSeed,
          },
          {
            id: 'cancelExperiment',
            label: t('cancelRun'),
            group: experiment.name,
            disabled: !training,
            perform: () => cancel.mutate(undefined, { onError }),
          },
        ]
      : [],
  )
  if (!manages) return null
  return (
    <>
      {training && (
        <Button loading={cancel.isPending} onClick={() => cancel.mutate(undefined, { onError })}>
          {t('cancelRun')}
        </Button>
      )}
      {experiment.problem && (
        <Button loading={judge.isPending} onClick={() => judge.mutate(undefined, { onError })}>
          {t('experiment.judgeAgain')}
        </Button>
      )}
      <OffButton loading={more.isPending} off={full && t('experiment.full')} onClick={addSeed}>
        {t('experiment.moreSeeds')}
      </OffButton>
      {best && (
        <Button
          variant="filled"
          onClick={() => go(`/model/${experiment.dataset}/experiments/new?parent=${best}`)}
        >
          {t('experiment.next')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button px={7} aria-label={t('more')}>
            <IconDots size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" disabled={training} onClick={() => setDeleting(true)}>
            {t(training ? 'experiment.deleteFirstCancel' : 'experiment.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={adding}
        close={() => setAdding(false)}
        title={t('experiment.moreSeeds')}
        verb={t('experiment.moreSeeds')}
        pending={more.isPending}
        error={more.error}
        confirm={() => more.mutate(1, { onSuccess: () => setAdding(false) })}
      >
        {t('experiment.moreSeedsWhat')}
      </Confirm>
      <Confirm
        opened={deleting}
        close={() => setDeleting(false)}
        title={t('experiment.deleteTitle', { name: experiment.name })}
        verb={t('experiment.delete')}
        danger
        pending={remove.isPending}
        error={remove.error}
        confirm={() =>
          remove.mutate(undefined, {
            onSuccess: () =>
              void navigate({
                to: '/model/$datasetId/experiments',
                params: { datasetId: String(experiment.dataset) },
              }),
          })
        }
      >
        {t('experiment.deleteWhat', { count: experiment.runs.length })}
      </Confirm>
    </>
  )
}
