import { useComputedColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChangeMe, useLogout } from '../accounts/queries'
import { useDataset } from '../dataset/queries'
import { type Action, useActions } from '../ui/actions'
import { useGo } from '../ui/PathLink'
import { useFrame } from './context'
import { openPanel } from './panels'

/** What can be done from everywhere: go to a place, change language and theme. */
export function FrameActions() {
  const { t } = useTranslation('frame')
  const { dataset } = useFrame()
  const project = useDataset(dataset ?? 0).data?.project
  const leave = useGo()
  const change = useChangeMe()
  const logout = useLogout()
  const dark = useComputedColorScheme('dark') === 'dark'
  const group = t('palette.go')
  const go = (id: string, keys: string | undefined, to: string): Action => ({
    id: `go.${id}`,
    label: t(`go.${id}`),
    group,
    keys,
    perform: () => leave(to),
  })
  const ofDataset = dataset
    ? [
        go('images', 'g i', `/datasets/${dataset}`),
        go('improve', 'g p', `/datasets/${dataset}/improve`),
        go('slices', 'g s', `/datasets/${dataset}/slices`),
        go('revisions', 'g r', `/datasets/${dataset}/revisions`),
        go('imports', undefined, `/datasets/${dataset}/imports`),
        go('classes', undefined, `/datasets/${dataset}/classes`),
        go('autoCurate', 'g c', `/curate/${dataset}`),
        go('diagnosis', 'g e', `/curate/${dataset}/evaluations`),
        go('history', 'g t', project ? `/projects/${project}/evaluations?dataset=${dataset}` : '/'),
        go('label', 'g l', `/label/${dataset}`),
        go('runs', 'g m', `/model/${dataset}`),
        go('newRun', undefined, `/model/${dataset}/new`),
      ]
    : []
  useActions(
    [
      go('home', 'g h', '/'),
      ...ofDataset,
      go('work', 'g w', dataset ? `/label?dataset=${dataset}` : '/label'),
      go('jobs', 'g j', '/jobs'),
      go('settings', undefined, '/settings'),
      {
        id: 'theme',
        label: t(dark ? 'lightTheme' : 'darkTheme'),
        group: t('palette.you'),
        perform: () => change.mutate({ theme: dark ? 'light' : 'dark' }),
      },
      {
        id: 'english',
        label: 'English',
        group: t('palette.you'),
        perform: () => change.mutate({ language: 'en' }),
      },
      {
        id: 'korean',
        label: '한국어',
        group: t('palette.you'),
        perform: () => change.mutate({ language: 'ko' }),
      },
      { id: 'logout', label: t('logOut'), group: t('palette.you'), perform: () => logout.mutate() },
      {
        id: 'palette',
        label: t('palette.open'),
        group: t('palette.help'),
        keys: 'mod+k',
        hidden: true,
        perform: () => openPanel('palette'),
      },
      {
        id: 'shortcuts',
        label: t('shortcuts.title'),
        group: t('palette.help'),
        keys: '?',
        perform: () => openPanel('shortcuts'),
      },
    ],
    { last: true },
  )
  return null
}
