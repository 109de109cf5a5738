import { Button, Group, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Baseline } from '../api/types'
import { bytes, number } from '../ui/format'

type Props = { baseline: Baseline; measure: (() => void) | undefined }

/** What a baseline cost here when it was measured last, and the button to measure it. */
export function Measured({ baseline, measure }: Props) {
  const { t } = useTranslation('model')
  const last = baseline.measured[0]
  return (
    <Group gap={10} wrap="nowrap" justify="space-between" align="flex-start">
      <Stack gap={0}>
        {last && (
          <>
            <span>{last.problem || figures(last, t)}</span>
            <span className="hd-dim">
              {t('measure.at', { imgsz: last.imgsz, batch: last.batch, device: last.device })}
            </span>
          </>
        )}
      </Stack>
      {measure && (
        <Button size="compact-xs" aria-label={t('measure.title', { name: baseline.title })} onClick={measure}>
          {t('measure.button')}
        </Button>
      )}
    </Group>
  )
}

type Translate = ReturnType<typeof useTranslation<'model'>>['t']

function figures(last: Baseline['measured'][number], t: Translate): string {
  const parts = [
    last.trained_per_second !== null && t('measure.trained', { count: number(last.trained_per_second) }),
    last.predicted_per_second !== null &&
      t('measure.predicted', { count: number(last.predicted_per_second) }),
    last.memory !== null && bytes(last.memory),
  ]
  return parts.filter(Boolean).join(' · ')
}
