import { Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../ui/ProblemNote'

type Props = {
  title: string
  verb: string
  ready: boolean
  pending: boolean
  problem: unknown
  danger?: boolean
  send: () => void
  close: () => void
  children: ReactNode
}

/** A dialog of the selection bar: a form with one verb. Enter sends it. */
export function ActionDialog(props: Props) {
  const { title, verb, ready, pending, problem, danger, send, close, children } = props
  const { t } = useTranslation('ui')
  return (
    <Modal opened onClose={close} title={title} size={420}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !pending) send()
        }}
      >
        {children}
        {problem ? (
          <div style={{ marginTop: 12 }}>
            <ProblemNote error={problem} />
          </div>
        ) : null}
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            type="submit"
            variant="filled"
            color={danger ? 'red' : undefined}
            disabled={!ready}
            loading={pending}
          >
            {verb}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
