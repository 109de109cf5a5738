import { ColorInput, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { Page } from '../../page/Page'
import { ClassName } from '../../ui/ClassName'
import { CLASS_PALETTE, classColour } from '../../ui/colours'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { toastProblem } from '../../ui/toast'
import { DatasetTabs } from '../DatasetTabs'
import { useDataset } from '../queries'
import { classClause } from '../query/queryText'
import { useMay } from '../useMay'
import { AttributesPart } from './AttributesPart'
import classes from './ClassesPage.module.css'
import { classCountsQuery, useAddClass, useChangeClass } from './queries'

const route = getRouteApi('/framed/datasets/$datasetId/classes')

/** The class list: names, colours, keys, and how often each occurs. */
export function ClassesPage() {
  const { t } = useTranslation(['dataset/classes', 'dataset'])
  const id = Number(route.useParams().datasetId)
  const dataset = useDataset(id)
  const counts = useQuery(classCountsQuery(id)).data
  const manages = useMay(id, 'manager')
  const columns: Column<DatasetClass>[] = [
    {
      key: 'index',
      head: t('index'),
      numeric: true,
      width: 50,
      cell: (one) => <span className="hd-faint">{one.index}</span>,
    },
    {
      key: 'name',
      head: t('name'),
      cell: (one) => (manages ? <NameCell dataset={id} of={one} /> : <ClassName of={one} />),
    },
    {
      key: 'colour',
      head: t('colour'),
      width: 150,
      cell: (one) =>
        manages ? <ColourCell dataset={id} of={one} /> : <span className="hd-mono">{one.colour}</span>,
    },
    {
      key: 'hotkey',
      head: t('hotkey'),
      width: 90,
      cell: (one) =>
        manages ? (
          <HotkeyCell dataset={id} of={one} all={dataset.data?.classes ?? []} />
        ) : (
          (one.hotkey ?? '–')
        ),
    },
    {
      key: 'boxes',
      head: t('boxes'),
      numeric: true,
      width: 110,
      sort: (one) => counts?.get(one.id)?.boxes ?? 0,
      cell: (one) => count(counts?.get(one.id)?.boxes ?? 0),
    },
    {
      key: 'images',
      head: t('images'),
      numeric: true,
      width: 120,
      sort: (one) => counts?.get(one.id)?.images ?? 0,
      cell: (one) => (
        <PathLink href={`/datasets/${id}?q=${encodeURIComponent(classClause(one.name))}`}>
          {count(counts?.get(one.id)?.images ?? 0)}
        </PathLink>
      ),
    },
  ]
  return (
    <Page
      title={t('dataset:tabs.classes')}
      dataset={id}
      padded
      tabs={<DatasetTabs dataset={id} current="classes" />}
    >
      {dataset.error && <ProblemNote error={dataset.error} retry={() => void dataset.refetch()} />}
      <Table
        label={t('dataset:tabs.classes')}
        columns={columns}
        rows={dataset.data?.classes}
        rowKey={(one) => one.id}
        empty={t('none')}
      />
      {manages && dataset.data && <AddClass dataset={id} next={dataset.data.classes.length} />}
      {dataset.data && <AttributesPart dataset={dataset.data} manages={manages} />}
    </Page>
  )
}

type CellProps = { dataset: number; of: DatasetClass }

/** Text that is saved by Enter or by leaving it, and put back by Escape. */
function NameCell({ dataset, of }: CellProps) {
  const { t } = useTranslation('dataset/classes')
  const [name, setName] = useState(of.name)
  const change = useChangeClass(dataset)
  const save = () => {
    const trimmed = name.trim()
    if (!trimmed || trimmed === of.name) return setName(of.name)
    change.mutate({ id: of.id, name: trimmed }, { onError: toastProblem })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') event.currentTarget.blur()
    if (event.key === 'Escape') setName(of.name)
  }
  return (
    <TextInput
      variant="unstyled"
      aria-label={t('nameOf', { name: of.name })}
      leftSection={<span className={classes.dot} style={{ background: of.colour }} />}
      value={name}
      error={change.error?.message}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={onKeyDown}
    />
  )
}

function ColourCell({ dataset, of }: CellProps) {
  const { t } = useTranslation('dataset/classes')
  const change = useChangeClass(dataset)
  const [colour, setColour] = useState(of.colour)
  return (
    <ColorInput
      size="xs"
      variant="unstyled"
      aria-label={t('colourOf', { name: of.name })}
      swatches={CLASS_PALETTE}
      swatchesPerRow={10}
      withEyeDropper={false}
      value={colour}
      onChange={setColour}
      onChangeEnd={(chosen) =>
        /^#[0-9a-f]{6}$/i.test(chosen) &&
        chosen !== of.colour &&
        change.mutate({ id: of.id, colour: chosen }, { onError: toastProblem })
      }
    />
  )
}

function HotkeyCell({ dataset, of, all }: CellProps & { all: DatasetClass[] }) {
  const { t } = useTranslation('dataset/classes')
  const change = useChangeClass(dataset)
  const set = (key: string) => {
    const taken = all.find((one) => one.hotkey === key && one.id !== of.id)
    if (taken && key) return toastProblem(new Error(t('taken', { key, name: taken.name })))
    change.mutate({ id: of.id, hotkey: key }, { onError: toastProblem })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Backspace' || event.key === 'Delete') set('')
    else if (/^[0-9a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey) set(event.key.toLowerCase())
    else return
    event.preventDefault()
  }
  return (
    <TextInput
      variant="unstyled"
      className={classes.hotkey}
      aria-label={t('hotkeyOf', { name: of.name })}
      title={t('hotkeyWhat')}
      readOnly
      value={of.hotkey?.toUpperCase() ?? ''}
      placeholder="–"
      onKeyDown={onKeyDown}
    />
  )
}

function AddClass({ dataset, next }: { dataset: number; next: number }) {
  const { t } = useTranslation('dataset/classes')
  const [name, setName] = useState('')
  const add = useAddClass(dataset)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ name: name.trim(), colour: classColour(next) }, { onSuccess: () => setName('') })
  }
  return (
    <form className={classes.add} onSubmit={submit}>
      <TextInput
        aria-label={t('newName')}
        placeholder={t('newName')}
        value={name}
        error={add.error?.message}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <OffButton
        type="submit"
        leftSection={<IconPlus size={14} />}
        off={!name.trim() && t('ui:off.name')}
        loading={add.isPending}
      >
        {t('add')}
      </OffButton>
    </form>
  )
}
