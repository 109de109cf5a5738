import { notifications, notificationsStore } from '@mantine/notifications'
import { expect, test } from 'vitest'
import { startI18n } from '../i18n/i18n'
import { aJob } from '../test/world'
import { say } from './useJobWatcher'

const shown = () => notificationsStore.getState().notifications.map(({ id }) => id)

test('of many jobs that end well in a dataset one note stands; each that failed has its own', async () => {
  await startI18n()
  notifications.clean()
  for (const id of [1, 2, 3]) say({ ...aJob(), id, dataset: 4, state: 'succeeded' }, () => undefined)
  expect(shown()).toEqual(['succeeded-in-4'])
  for (const id of [5, 6]) say({ ...aJob(), id, dataset: 4, state: 'failed' }, () => undefined)
  expect(shown()).toEqual(['succeeded-in-4', 'failed-5', 'failed-6'])
})
