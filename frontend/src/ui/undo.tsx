import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { toastProblem } from './toast'

/** How long it can be taken back from here (milliseconds). */
const OFFERED_MS = 15_000

/** Says that something was done, and offers to take it back. */
export function toastWithUndo(message: string, verb: string, undo: () => Promise<unknown>): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{message}</span>
        <Button
          size="compact-xs"
          onClick={() => {
            notifications.hide(id)
            undo().catch(toastProblem)
          }}
        >
          {verb}
        </Button>
      </Group>
    ),
    autoClose: OFFERED_MS,
    withBorder: true,
  })
}
