import { group } from './action'

export const taskActions = group('task', [
  {
    id: 'next_task',
    keys: ['pagedown', '.'],
    enabled: ({ host }) => host.hasNext,
    perform: ({ host }) => host.next(),
  },
  {
    id: 'previous_task',
    keys: ['pageup', ','],
    enabled: ({ host }) => host.hasPrevious,
    perform: ({ host }) => host.previous(),
  },
  { id: 'finish', keys: ['mod+enter'], perform: ({ host }) => host.finish() },
  { id: 'skip', keys: ['mod+shift+enter'], perform: ({ host }) => host.skip() },
  { id: 'save', keys: ['mod+s'], perform: ({ host }) => host.save() },
  { id: 'instructions', keys: ['shift+i'], perform: ({ host }) => host.openInstructions() },
])
