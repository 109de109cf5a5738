import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { personName } from '../../ui/format'
import { Time } from '../../ui/Time'
import { LazyMarkdown } from './LazyMarkdown'
import { instructionsQuery, useLookAt } from './queries'

type Props = { batch: number; opened: boolean; open: () => void; close: () => void }

/** How the batch is to be labelled, beside the picture; it opens by itself when there is something new to read. */
export function InstructionsPanel({ batch, opened, open, close }: Props) {
  const { t } = useTranslation('label/instructions')
  const shown = useQuery(instructionsQuery(batch)).data
  const lookAt = useLookAt(batch)
  const isNew = shown !== undefined && shown.number > shown.seen
  useEffect(() => {
    if (isNew) open()
  }, [isNew, open])
  const leave = () => {
    if (isNew) lookAt(shown.number)
    close()
  }
  return (
    <Drawer
      opened={opened}
      onClose={leave}
      position="right"
      size={420}
      withOverlay={false}
      lockScroll={false}
      title={t('title')}
    >
      {isNew && shown.seen > 0 && (
        <p role="status" className="hd-dim">
          {t('changed')}
        </p>
      )}
      {shown && shown.number === 0 && <p className="hd-dim">{t('none')}</p>}
      {shown && shown.number > 0 && (
        <>
          <LazyMarkdown text={shown.text} />
          <p className="hd-dim">
            {t('version', { number: shown.number, name: personName(shown.author) })} ·{' '}
            {shown.created_at && <Time at={shown.created_at} />}
          </p>
        </>
      )}
    </Drawer>
  )
}
