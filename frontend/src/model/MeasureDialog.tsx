import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Baseline } from '../api/types'
import { FormDialog } from '../ui/FormDialog'
import { useMeasure } from './queries'

type Props = { project: number; baseline: Baseline; close: () => void }

/** At which size and batch a baseline is measured. */
export function MeasureDialog({ project, baseline, close }: Props) {
  const { t } = useTranslation('model')
  const last = baseline.measured[0]
  const [imgsz, setSize] = useState<number | ''>(last?.imgsz ?? baseline.imgsz)
  const [batch, setBatch] = useState<number | ''>(last?.batch ?? 8)
  const ask = useMeasure()
  return (
    <FormDialog
      title={t('measure.title', { name: baseline.title })}
      verb={t('measure.verb')}
      ready={imgsz !== '' && batch !== ''}
      pending={ask.isPending}
      problem={ask.error}
      send={() =>
        ask.mutate(
          { baseline: baseline.name, project, imgsz: Number(imgsz), batch: Number(batch) },
          { onSuccess: close },
        )
      }
      close={close}
    >
      <p>{t('measure.what')}</p>
      {baseline.needs_gpu && <p>{t('measure.large')}</p>}
      <NumberInput
        data-autofocus
        label={t('measure.imgsz')}
        min={32}
        max={2048}
        step={32}
        allowDecimal={false}
        value={imgsz}
        onChange={(value) => setSize(value === '' ? '' : Number(value))}
      />
      <NumberInput
        label={t('measure.batch')}
        min={1}
        max={128}
        allowDecimal={false}
        value={batch}
        onChange={(value) => setBatch(value === '' ? '' : Number(value))}
      />
    </FormDialog>
  )
}
