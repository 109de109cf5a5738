import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconDots,
  IconDownload,
  IconPencil,
  IconPhotoSearch,
  IconReplace,
  IconStack2,
  IconTag,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../dataset/useMay'
import { type Action, useActions } from '../../ui/actions'
import { count } from '../../ui/format'
import { lazyPart } from '../../ui/lazyPart'
import { type Chosen, useBulk } from './bulk'
import { ChangeSlice } from './ChangeSlice'
import { DeleteObjects } from './DeleteObjects'
import type { DialogProps, Kind } from './dialogProps'
import { IgnoreObjects } from './IgnoreObjects'
import { LabelState } from './LabelState'
import { MakeSlice } from './MakeSlice'
import type { ImageList } from './queries'
import { Relabel } from './Relabel'
import { RemoveImages } from './RemoveImages'
import classes from './SelectionBar.module.css'
import { SetSequence } from './SetSequence'
import { TagImages } from './TagImages'
import { ANEW, useGridSearch } from './useGridSearch'

const SendToLabel = lazyPart(() => import('../../dataset/batches/SendToLabel'), 'SendToLabel')

const ExportSelection = lazyPart(() => import('./ExportSelection'), 'ExportSelection')

const AutoCurateSelection = lazyPart(() => import('./AutoCurateSelection'), 'AutoCurateSelection')

/** What is looked for among images that are selected; a split is of slices. */
const AUTO = ['rare_classes', 'label_selection', 'edge_cases', 'mislabels'] as const
/** Images that a query line may name one by one. */
const MOST_NAMED = 1000

type Props = {
  kind: Kind
  list: ImageList
  /** Whether all that match are meant, but for some. */
  byQuery: boolean
  what: () => Chosen
  chosen: number
  total: number
  clear: () => void
  selectAll: () => void
  /** The one thing that is selected, as near() in a query line names it. */
  one?: string | null
  /** What else can be done with them. */
  children?: ReactNode
}
type Dialog =
  | 'make'
  | 'add'
  | 'take'
  | 'tag'
  | 'sequence'
  | 'send'
  | 'export'
  | 'relabel'
  | 'delete'
  | 'ignore'
  | 'negative'
  | 'not_labelled'
  | 'remove'
  | (typeof AUTO)[number]

/** How many are selected, and what can be done with them. */
export function SelectionBar(props: Props) {
  const { kind, list, chosen, total, byQuery, clear, selectAll, children } = props
  const { t } = useTranslation('curate/grid')
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const manages = useMay(list.dataset, 'manager')
  const owns = useMay(list.dataset, 'owner')
  const tooMany = !byQuery && chosen > MOST_NAMED
  useBarActions(kind, manages, chosen, tooMany, setDialog)
  const similar = useFindSimilar(props.one)
  const shared: DialogProps = { ...props, close: () => setDialog(null) }
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('selection')}>
      <span className="hd-num" role="status">
        {t('selected', { count: chosen, n: count(chosen) })}
      </span>
      {!byQuery && chosen < total && (
        <button type="button" className={classes.all} onClick={selectAll}>
          {t('selectAll', { count: total, n: count(total) })}
        </button>
      )}
      <span className={classes.space} />
      {similar && (
        <Button leftSection={<IconPhotoSearch size={15} />} onClick={similar}>
          {t('findSimilar')}
        </Button>
      )}
      {children}
      {kind === 'images' && (
        <Button leftSection={<IconDownload size={15} />} onClick={() => setDialog('export')}>
          {t('export')}
        </Button>
      )}
      {manages && (
        <>
          {kind === 'objects' && (
            <>
              <Button leftSection={<IconReplace size={15} />} onClick={() => setDialog('relabel')}>
                {t('relabel.title')}
              </Button>
              <Button leftSection={<IconTrash size={15} />} onClick={() => setDialog('delete')}>
                {t('deleteObjects.title')}
              </Button>
            </>
          )}
          <Button leftSection={<IconStack2 size={15} />} onClick={() => setDialog('make')}>
            {t('makeSlice.title')}
          </Button>
          {kind === 'images' && (
            <Button leftSection={<IconTag size={15} />} onClick={() => setDialog('tag')}>
              {t('tag.title')}
            </Button>
          )}
          <More kind={kind} owns={owns} tooMany={tooMany} show={setDialog} />
          <Button variant="filled" leftSection={<IconPencil size={15} />} onClick={() => setDialog('send')}>
            {kind === 'images'
              ? t('sendToLabel', { count: chosen, n: count(chosen) })
              : t('sendObjectsToLabel')}
          </Button>
        </>
      )}
      <Tooltip label={t('action.clear')}>
        <ActionIcon aria-label={t('action.clear')} onClick={clear}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
      <Dialogs dialog={dialog} {...shared} />
    </div>
  )
}

type MoreProps = { kind: Kind; owns: boolean; tooMany: boolean; show: (dialog: Dialog) => void }

function More({ kind, owns, tooMany, show }: MoreProps) {
  const { t } = useTranslation('curate/grid')
  return (
    <Menu position="top-end">
      <Menu.Target>
        <ActionIcon aria-label={t('moreActions')}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => show('add')}>{t('addToSlice.title')}</Menu.Item>
        {kind === 'images' && <Menu.Item onClick={() => show('take')}>{t('takeFromSlice.title')}</Menu.Item>}
        <Menu.Item onClick={() => show('sequence')}>{t('sequence.title')}</Menu.Item>
        {kind === 'objects' && <Menu.Item onClick={() => show('tag')}>{t('tag.ofObjects')}</Menu.Item>}
        {kind === 'objects' && <Menu.Item onClick={() => show('ignore')}>{t('ignore.title')}</Menu.Item>}
        {kind === 'images' && (
          <>
            <Menu.Item onClick={() => show('negative')}>{t('state.title.negative')}</Menu.Item>
            <Menu.Item onClick={() => show('not_labelled')}>{t('state.title.not_labelled')}</Menu.Item>
            <Menu.Divider />
            <Menu.Label>{tooMany ? t('auto.tooMany', { n: count(MOST_NAMED) }) : t('auto.title')}</Menu.Label>
            {AUTO.map((one) => (
              <Menu.Item key={one} disabled={tooMany} onClick={() => show(one)}>
                {t(`auto.${one}`)}
              </Menu.Item>
            ))}
            {owns && <Menu.Divider />}
          </>
        )}
        {kind === 'images' && owns && (
          <Menu.Item color="red" onClick={() => show('remove')}>
            {t('removeImages.title')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Lists the images that look like what is selected, where that is one image, or have an object that looks like it. */
function useFindSimilar(one: string | null | undefined): (() => void) | null {
  const { t } = useTranslation('curate/grid')
  const [, setSearch] = useGridSearch()
  const find = () => void setSearch({ ...ANEW, view: undefined, q: `near(${one})`, order: 'near' })
  const disabled = !one
  useActions([
    {
      id: 'grid.similar',
      label: t('findSimilar'),
      group: t('selection'),
      keys: 'f',
      disabled,
      perform: find,
    },
  ])
  return disabled ? null : find
}

function useBarActions(
  kind: Kind,
  may: boolean,
  chosen: number,
  tooMany: boolean,
  show: (dialog: Dialog) => void,
): void {
  const { t } = useTranslation('curate/grid')
  const action = (id: Dialog, label: string, keys?: string): Action => ({
    id: `grid.${id}`,
    label,
    group: t('selection'),
    keys,
    perform: () => show(id),
  })
  const ofObjects = [
    action('relabel', t('relabel.title'), 'r'),
    action('delete', t('deleteObjects.title'), 'delete'),
    action('ignore', t('ignore.title'), 'i'),
    action('send', t('sendObjectsToLabel'), 'l'),
  ]
  const ofImages = [
    action('take', t('takeFromSlice.title')),
    action('negative', t('state.title.negative')),
    action('not_labelled', t('state.title.not_labelled')),
    action('send', t('sendToLabel', { count: chosen }), 'l'),
    ...AUTO.map((one) => ({ ...action(one, t(`auto.${one}`)), disabled: tooMany })),
  ]
  const all = [
    action('make', t('makeSlice.title'), 's'),
    action('add', t('addToSlice.title')),
    action('tag', t('tag.title'), 't'),
    action('sequence', t('sequence.title')),
    ...(kind === 'objects' ? ofObjects : ofImages),
  ]
  const forAll = kind === 'images' ? [action('export', t('export'))] : []
  useActions(may ? [...all, ...forAll] : forAll)
}

function Dialogs({ dialog, ...props }: DialogProps & { dialog: Dialog | null }) {
  switch (dialog) {
    case 'make':
      return <MakeSlice {...props} />
    case 'add':
    case 'take':
      return <ChangeSlice remove={dialog === 'take'} {...props} />
    case 'tag':
      return <TagImages {...props} />
    case 'sequence':
      return <SetSequence {...props} />
    case 'relabel':
      return <Relabel {...props} />
    case 'delete':
      return <DeleteObjects {...props} />
    case 'ignore':
      return <IgnoreObjects {...props} />
    case 'negative':
    case 'not_labelled':
      return <LabelState state={dialog} {...props} />
    case 'remove':
      return <RemoveImages {...props} />
    case 'rare_classes':
    case 'label_selection':
    case 'edge_cases':
    case 'mislabels':
      return (
        <Suspense fallback={null}>
          <AutoCurateSelection auto={dialog} {...props} />
        </Suspense>
      )
    case 'send':
      return <Send {...props} />
    case 'export':
      return (
        <Suspense fallback={null}>
          <ExportSelection {...props} />
        </Suspense>
      )
    default:
      return null
  }
}

/** A slice is made of what is selected, by the query where that is what selects, and sent. */
function Send({ kind, list, what, chosen, close, byQuery }: DialogProps) {
  const { makeSlice } = useBulk(list.dataset)
  const slice = async (name: string) => {
    const origin = {
      kind: byQuery ? ('query' as const) : ('hand' as const),
      ...(list.q ? { q: list.q } : {}),
    }
    return (await makeSlice.mutateAsync({ chosen: what(), name, origin })).id
  }
  return (
    <Suspense fallback={null}>
      <SendToLabel
        dataset={list.dataset}
        images={kind === 'images' ? chosen : null}
        source={{ makeSlice: slice }}
        close={close}
      />
    </Suspense>
  )
}
