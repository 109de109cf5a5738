import { Button } from '@mantine/core'
import { IconBook } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { InstructionsDialog } from './InstructionsDialog'

/** The way from the batch to how it is to be labelled. */
export function InstructionsButton({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label/instructions')
  const [open, setOpen] = useState(false)
  const mayWrite = useMay(batch.dataset, 'reviewer')
  return (
    <>
      <Button leftSection={<IconBook size={15} />} onClick={() => setOpen(true)}>
        {t('open')}
      </Button>
      {open && <InstructionsDialog batch={batch} mayWrite={mayWrite} close={() => setOpen(false)} />}
    </>
  )
}
