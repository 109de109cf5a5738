import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { Confirm } from '../ui/Confirm'
import { useResumeWith } from './queries'

/** Goes on with a run up to another number of epochs. */
export function ResumeDialog({ run, opened, close }: { run: RunDetail; opened: boolean; close: () => void }) {
  const { t } = useTranslation('model')
  const [epochs, setEpochs] = useState(run.epochs)
  const resume = useResumeWith(run.id)
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t('resumeWith')}
      verb={t('resume')}
      pending={resume.isPending}
      error={resume.error}
      confirm={() => resume.mutate(epochs, { onSuccess: close })}
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
    </Confirm>
  )
}
