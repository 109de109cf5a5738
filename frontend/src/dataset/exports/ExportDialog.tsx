import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ExportForm } from './ExportForm'
import { ExportView } from './ExportView'
import type { ExportSource } from './queries'

type Props = {
  dataset: number
  source: ExportSource
  /** What is exported, for the title; without it the number of images stands there. */
  name?: string
  images: number
  close: () => void
}

/** Exports a slice, what a query line finds, or chosen images; then shows how far it is, and the way to the file. */
export function ExportDialog({ dataset, source, name, images, close }: Props) {
  const { t } = useTranslation('dataset/exports')
  const [job, setJob] = useState<number | null>(null)
  const title = name ? t('exportOf', { name }) : t('exportImages', { count: images, n: count(images) })
  return (
    <Modal opened onClose={close} title={title} size={job ? 640 : 480}>
      {job === null ? (
        <ExportForm
          dataset={dataset}
          source={source}
          cancel={close}
          onStarted={(started) => setJob(started.id)}
        />
      ) : (
        <>
          <ExportView job={job} dataset={dataset} brief />
          <Group justify="flex-end" mt={18}>
            <Button component={PathLink} href={`/datasets/${dataset}/exports?job=${job}`} onClick={close}>
              {t('all')}
            </Button>
            <Button onClick={close}>{t('close')}</Button>
          </Group>
        </>
      )}
    </Modal>
  )
}
