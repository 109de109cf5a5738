import { NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { Confirm } from '../ui/Confirm'
import { useResumeWith } from './queries'

/** Goes on with a run up to another number of epochs, with another batch or on other devices. */
export function ResumeDialog({ run, opened, close }: { run: RunDetail; opened: boolean; close: () => void }) {
  const { t } = useTranslation('model')
  const [epochs, setEpochs] = useState(run.epochs)
  const [batch, setBatch] = useState(Number(run.settings.batch))
  const [devices, setDevices] = useState(String(run.settings.devices ?? 'auto'))
  const resume = useResumeWith(run.id)
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t('resumeWith')}
      verb={t('resume')}
      pending={resume.isPending}
      error={resume.error}
      confirm={() => resume.mutate({ epochs, batch, devices }, { onSuccess: close })}
    >
      <NumberInput
        label={t('epochsInAll')}
        description={t('epochsDone', { n: run.epoch })}
        min={Math.max(1, run.epoch)}
        max={1000}
        allowDecimal={false}
        value={epochs}
        onChange={(value) => setEpochs(Number(value))}
      />
      <NumberInput
        label={t('batch')}
        description={t('setting.batch')}
        min={1}
        max={512}
        allowDecimal={false}
        value={batch}
        onChange={(value) => setBatch(Number(value))}
      />
      <TextInput
        label={t('devices')}
        description={t('setting.devices')}
        value={devices}
        onChange={(event) => setDevices(event.currentTarget.value)}
      />
    </Confirm>
  )
}
