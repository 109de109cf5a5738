import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { OffButton } from './OffButton'
import { ProblemNote } from './ProblemNote'

export type ActionFormProps = {
  /** The verb on the button: "Send 124 images", never "OK". */
  verb: string
  /** Whether what is filled in can be sent. */
  ready?: boolean
  pending: boolean
  /** Why it was refused; left out where a field says it. */
  problem?: unknown
  danger?: boolean
  /** The verb has the focus, where there is no field to fill in. */
  focusVerb?: boolean
  send: () => void
  /** Left out where the form stands on a page. */
  cancel?: () => void
  children: ReactNode
}

/** Fields with one verb. Enter sends them, once. */
export function ActionForm(props: ActionFormProps) {
  const { verb, ready = true, pending, problem, danger, focusVerb, send, cancel, children } = props
  const { t } = useTranslation('ui')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && !pending) send()
      }}
    >
      <Stack gap={12}>
        {children}
        {problem ? <ProblemNote error={problem} /> : null}
      </Stack>
      <Group justify={cancel ? 'flex-end' : 'flex-start'} mt={18}>
        {cancel && <Button onClick={cancel}>{t('cancel')}</Button>}
        <OffButton
          type="submit"
          variant="filled"
          color={danger ? 'red' : undefined}
          off={!ready && t('off.fill')}
          loading={pending}
          data-autofocus={focusVerb || undefined}
        >
          {verb}
        </OffButton>
      </Group>
    </form>
  )
}
