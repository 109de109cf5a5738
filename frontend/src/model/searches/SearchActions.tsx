import { Button, Menu, NumberInput } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingsSearch } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { isActive } from '../../jobs/queries'
import { useActions } from '../../ui/actions'
import { Confirm } from '../../ui/Confirm'
import { FormDialog } from '../../ui/FormDialog'
import { OffButton } from '../../ui/OffButton'
import { toastProblem } from '../../ui/toast'
import { useCancelSearch, useDeleteSearch, useResumeSearch } from './queries'

/** What a manager can do with a search. */
export function SearchActions({ of }: { of: SettingsSearch }) {
  const { t } = useTranslation('model')
  const navigate = useNavigate()
  const cancel = useCancelSearch(of.id)
  const remove = useDeleteSearch(of.id)
  const [open, setOpen] = useState<'delete' | 'resume' | null>(null)
  const manages = useMay(of.dataset, 'manager')
  const going = isActive(of)
  const stop = () => cancel.mutate(undefined, { onError: toastProblem })
  const resumeLabel = t(of.state === 'succeeded' ? 'search.more' : 'search.resume')
  useActions(
    manages
      ? [
          { id: 'cancelSearch', label: t('search.cancel'), group: of.name, disabled: !going, perform: stop },
          {
            id: 'resumeSearch',
            label: resumeLabel,
            group: of.name,
            disabled: going,
            perform: () => setOpen('resume'),
          },
        ]
      : [],
  )
  if (!manages) return null
  return (
    <>
      {going ? (
        <OffButton
          loading={cancel.isPending}
          off={of.job?.cancel_requested && t('search.cancelling')}
          onClick={stop}
        >
          {t('search.cancel')}
        </OffButton>
      ) : (
        <Button onClick={() => setOpen('resume')}>{resumeLabel}</Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button px={7} aria-label={t('more')}>
            <IconDots size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" disabled={going} onClick={() => setOpen('delete')}>
            {t(going ? 'search.deleteFirstCancel' : 'search.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'resume' && <ResumeSearch of={of} title={resumeLabel} close={() => setOpen(null)} />}
      <Confirm
        opened={open === 'delete'}
        close={() => setOpen(null)}
        title={t('search.deleteTitle', { name: of.name })}
        verb={t('search.delete')}
        danger
        pending={remove.isPending}
        error={remove.error}
        confirm={() =>
          remove.mutate(undefined, {
            onSuccess: () =>
              void navigate({
                to: '/model/$datasetId/searches',
                params: { datasetId: String(of.dataset) },
              }),
          })
        }
      >
        {t('search.deleteWhat', { count: of.tried.filter(({ run }) => run).length })}
      </Confirm>
    </>
  )
}

/** How many trials and minutes it may have in all when it goes on. */
function ResumeSearch({ of, title, close }: { of: SettingsSearch; title: string; close: () => void }) {
  const { t } = useTranslation('model')
  const ended = of.state === 'succeeded' && of.finished >= of.trials
  const [trials, setTrials] = useState<number | ''>(ended ? of.trials + 10 : of.trials)
  const [minutes, setMinutes] = useState<number | ''>(of.minutes ?? '')
  const resume = useResumeSearch(of.id)
  return (
    <FormDialog
      title={title}
      verb={title}
      ready={trials !== '' && trials >= of.trials}
      pending={resume.isPending}
      problem={resume.error}
      send={() =>
        resume.mutate(
          { trials: Number(trials), ...(minutes !== '' && { minutes: Number(minutes) }) },
          { onSuccess: close },
        )
      }
      close={close}
    >
      <p className="hd-dim">{t('search.resumeWhat')}</p>
      <NumberInput
        data-autofocus
        label={t('search.trialsInAll')}
        min={of.trials}
        max={500}
        allowDecimal={false}
        value={trials}
        onChange={(value) => setTrials(value === '' ? '' : Number(value))}
      />
      {of.minutes !== null && (
        <NumberInput
          label={t('search.minutesInAll')}
          min={of.minutes}
          value={minutes}
          onChange={(value) => setMinutes(value === '' ? '' : Number(value))}
        />
      )}
    </FormDialog>
  )
}
