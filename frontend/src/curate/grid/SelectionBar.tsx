import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconPencil, IconPlus, IconStack2, IconX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions } from '../../ui/actions'
import { count } from '../../ui/format'
import { AddToSlice } from './AddToSlice'
import { MakeSlice } from './MakeSlice'
import { type ImageList, idsQuery } from './queries'
import classes from './SelectionBar.module.css'
import type { Selection } from './selection'

const SendToLabel = lazy(() =>
  import('../../label/SendToLabel').then((file) => ({ default: file.SendToLabel })),
)

type Props = {
  list: ImageList
  selection: Selection
  chosen: number
  total: number
  clear: () => void
  selectAll: () => void
}
type Dialog = 'make' | 'add' | 'send'

/** How many are selected, and what can be done with them. */
export function SelectionBar({ list, selection, chosen, total, clear, selectAll }: Props) {
  const { t } = useTranslation('curate/grid')
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const ids = useChosenIds(list, selection)
  const close = () => setDialog(null)
  const group = t('selection')
  useActions([
    {
      id: 'grid.make_slice',
      label: t('makeSlice.title'),
      group,
      keys: 's',
      perform: () => setDialog('make'),
    },
    { id: 'grid.add_to_slice', label: t('addToSlice.title'), group, perform: () => setDialog('add') },
    {
      id: 'grid.send',
      label: t('sendToLabel', { count: chosen }),
      group,
      keys: 'l',
      perform: () => setDialog('send'),
    },
  ])
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('selection')}>
      <span className="hd-num" role="status">
        {t('selected', { count: chosen, n: count(chosen) })}
      </span>
      {!selection.all && chosen < total && (
        <button type="button" className={classes.all} onClick={selectAll}>
          {t('selectAll', { count: total, n: count(total) })}
        </button>
      )}
      <span className={classes.space} />
      <Button leftSection={<IconStack2 size={15} />} onClick={() => setDialog('make')}>
        {t('makeSlice.title')}
      </Button>
      <Button leftSection={<IconPlus size={15} />} onClick={() => setDialog('add')}>
        {t('addToSlice.title')}
      </Button>
      <Button variant="filled" leftSection={<IconPencil size={15} />} onClick={() => setDialog('send')}>
        {t('sendToLabel', { count: chosen, n: count(chosen) })}
      </Button>
      <Tooltip label={t('action.clear')}>
        <ActionIcon aria-label={t('action.clear')} onClick={clear}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
      {dialog === 'make' && <MakeSlice {...{ list, selection, chosen, ids, close }} />}
      {dialog === 'add' && <AddToSlice {...{ list, chosen, ids, close }} />}
      <Suspense fallback={null}>
        {dialog === 'send' && (
          <SendToLabel dataset={list.dataset} images={chosen} source={{ ids }} close={close} />
        )}
      </Suspense>
    </div>
  )
}

/** The ids of what is selected; where that is "all", the server lists them when they are wanted. */
function useChosenIds(list: ImageList, selection: Selection): () => Promise<number[]> {
  const queries = useQueryClient()
  return async () => {
    if (!selection.all) return [...selection.ids]
    const { ids } = await queries.fetchQuery(idsQuery(list))
    return ids.filter((id) => !selection.ids.has(id))
  }
}
