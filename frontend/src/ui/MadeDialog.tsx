import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PathLink } from './PathLink'

type Props = {
  title: string
  /** What was made, in a sentence. */
  children: ReactNode
  /** The way to what was made, and what it is called: "Open the batch". */
  to: string
  open: string
  close: () => void
}

/** Says what was made, and lets one go there or stay. */
export function MadeDialog({ title, children, to, open, close }: Props) {
  const { t } = useTranslation('ui')
  return (
    <Modal opened onClose={close} title={title} size={440}>
      <p className="hd-dim">{children}</p>
      <Group justify="flex-end" mt={18}>
        <Button onClick={close}>{t('stay')}</Button>
        <Button variant="filled" component={PathLink} href={to} data-autofocus>
          {open}
        </Button>
      </Group>
    </Modal>
  )
}
