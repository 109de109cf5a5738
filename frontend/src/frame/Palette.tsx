import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { datasetsQuery, slicesQuery } from '../dataset/queries'
import { type Action, useAllActions } from '../ui/actions'
import { KeyCaps } from '../ui/KeyCaps'
import { useFrame } from './context'
import classes from './Palette.module.css'
import { onPanel } from './panels'
import { grouped, ranked } from './ranking'
import { ShortcutSheet } from './ShortcutSheet'

/** Ctrl-K: go anywhere, do anything that the page can do. */
export function Palette() {
  const { t } = useTranslation('frame')
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null)
  useEffect(() => onPanel(setOpen), [])
  const close = () => setOpen(null)
  return (
    <>
      <Modal
        opened={open === 'palette'}
        onClose={close}
        withCloseButton={false}
        size={560}
        padding={0}
        attributes={{ content: { 'aria-label': t('palette.open') } }}
      >
        <Search close={close} />
      </Modal>
      <ShortcutSheet opened={open === 'shortcuts'} close={close} />
    </>
  )
}

function Search({ close }: { close: () => void }) {
  const { t } = useTranslation('frame')
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const places = usePlaces(text)
  const actions = useAllActions().filter((action) => !action.hidden && !action.disabled)
  const found = ranked([...actions, ...places], text)
  const current = Math.min(at, found.length - 1)
  const run = (action: Action | undefined) => {
    if (!action) return
    close()
    action.perform()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      setAt((current + step + found.length) % Math.max(1, found.length))
    }
    if (event.key === 'Enter') run(found[current])
  }
  return (
    <div className={classes.palette}>
      <input
        className={classes.input}
        value={text}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.open')}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={found[current] ? `palette-${found[current].id}` : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        data-autofocus
      />
      <div className={classes.list} id="palette-list" role="listbox" aria-label={t('palette.open')}>
        {found.length === 0 && <p className={classes.none}>{t('palette.none', { text })}</p>}
        {grouped(found).map(([group, members]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of form fields
          <div key={group} role="group" aria-label={group}>
            <div className={classes.group}>{group}</div>
            {members.map((action) => (
              <Option key={action.id} action={action} chosen={action === found[current]} run={run} />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

function Option({ action, chosen, run }: { action: Action; chosen: boolean; run: (action: Action) => void }) {
  return (
    <button
      type="button"
      id={`palette-${action.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={classes.option}
      ref={chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
      onClick={() => run(action)}
    >
      <span>{action.label}</span>
      {action.keys && <KeyCaps keys={action.keys} />}
    </button>
  )
}

/** Datasets, and slices of the current one, as places to go to; only once something is typed. */
function usePlaces(text: string): Action[] {
  const { t } = useTranslation('frame')
  const { dataset } = useFrame()
  const navigate = useNavigate()
  const datasets = useQuery(datasetsQuery()).data?.items ?? []
  const slices = useQuery({ ...slicesQuery(dataset ?? 0), enabled: !!dataset }).data ?? []
  if (!text) return []
  return [
    ...datasets.map((one) => ({
      id: `dataset-${one.id}`,
      label: one.name,
      group: t('palette.datasets'),
      perform: () => void navigate({ to: '/datasets/$datasetId', params: { datasetId: String(one.id) } }),
    })),
    ...slices.map((one) => ({
      id: `slice-${one.id}`,
      label: one.name,
      group: t('palette.slices'),
      perform: () =>
        void navigate({
          to: '/datasets/$datasetId/slices/$sliceId',
          params: { datasetId: String(dataset), sliceId: String(one.id) },
        }),
    })),
  ]
}
