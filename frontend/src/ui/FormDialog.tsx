import { Modal } from '@mantine/core'
import { ActionForm, type ActionFormProps } from './ActionForm'
import { useFocusBack } from './useFocusBack'

type Props = Omit<ActionFormProps, 'cancel'> & {
  /** Left out where the dialog is in the page only while it is open. */
  opened?: boolean
  title: string
  size?: number
  close: () => void
}

/** A form in a dialog; the field marked with `data-autofocus` has the focus. */
export function FormDialog({ opened, title, size = 440, close, ...form }: Props) {
  useFocusBack(opened === undefined)
  return (
    <Modal opened={opened ?? true} onClose={close} title={title} size={size}>
      <ActionForm {...form} cancel={close} />
    </Modal>
  )
}
