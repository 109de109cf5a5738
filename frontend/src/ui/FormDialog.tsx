import { Modal } from '@mantine/core'
import { ActionForm, type ActionFormProps } from './ActionForm'

type Props = Omit<ActionFormProps, 'cancel'> & {
  /** Left out where the dialog is in the page only while it is open. */
  opened?: boolean
  title: string
  size?: number
  close: () => void
}

/** A form in a dialog; the field marked with `data-autofocus` has the focus. */
export function FormDialog({ opened = true, title, size = 440, close, ...form }: Props) {
  return (
    <Modal opened={opened} onClose={close} title={title} size={size}>
      <ActionForm {...form} cancel={close} />
    </Modal>
  )
}
