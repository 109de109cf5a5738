import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { problemText } from './ProblemNote'

/** A short word at the corner that something was done. */
export function toast(message: string, title?: string): void {
  notifications.show({ message, title, withBorder: true })
}

/** The same for something that failed; stays until it is read. */
export function toastProblem(error: unknown): void {
  const { title, detail } = problemText(error, i18next.getFixedT(null, 'ui'))
  notifications.show({
    title,
    message: detail,
    color: 'red',
    autoClose: 12_000,
    withBorder: true,
    role: 'alert',
  })
}
