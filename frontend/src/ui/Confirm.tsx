import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from './ProblemNote'

type Props = {
  opened: boolean
  close: () => void
  title: string
  /** What will happen, and whether it can be taken back. */
  children: ReactNode
  /** The verb on the button: "Revert to 3", never "OK". */
  verb: string
  danger?: boolean
  pending?: boolean
  error?: unknown
  confirm: () => void
}

/** Asks before something that is not easily taken back. */
export function Confirm({ opened, close, title, children, verb, danger, pending, error, confirm }: Props) {
  const { t } = useTranslation('ui')
  return (
    <Modal opened={opened} onClose={close} title={title} size={440}>
      <div className="hd-dim">{children}</div>
      {error ? (
        <div style={{ marginTop: 12 }}>
          <ProblemNote error={error} />
        </div>
      ) : null}
      <Group justify="flex-end" mt={18}>
        <Button onClick={close}>{t('cancel')}</Button>
        <Button
          variant="filled"
          color={danger ? 'red' : undefined}
          loading={pending}
          onClick={confirm}
          data-autofocus
        >
          {verb}
        </Button>
      </Group>
    </Modal>
  )
}
