import { ActionIcon, Button, Group } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attribute, Dataset } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { OffIcon } from '../../ui/OffButton'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { toastProblem } from '../../ui/toast'
import { AddAttribute, EditAttribute } from './AttributeForm'
import { useOrderAttributes } from './attributeQueries'
import { KindWords } from './KindWords'
import { RemoveAttribute } from './RemoveAttribute'
import { SuggestedAttributes } from './SuggestedAttributes'

type Dialog = { what: 'add' } | { what: 'edit' | 'remove'; of: Attribute } | null

/** The schema: what boxes of a class carry beside their place, and what of it must be there. */
export function AttributesPart({ dataset, manages }: { dataset: Dataset; manages: boolean }) {
  const { t } = useTranslation('dataset/classes')
  const [dialog, setDialog] = useState<Dialog>(null)
  const close = () => setDialog(null)
  const named = new Map(dataset.classes.map((one) => [one.id, one]))
  const columns: Column<Attribute>[] = [
    {
      key: 'name',
      head: t('attribute.name'),
      cell: (one) =>
        manages ? (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('attribute.editTitle', { name: one.name })}
            onClick={() => setDialog({ what: 'edit', of: one })}
          >
            {one.name}
          </Button>
        ) : (
          one.name
        ),
    },
    {
      key: 'class',
      head: t('attribute.of'),
      cell: (one) =>
        one.class_id === null ? (
          <span className="hd-dim">{t('attribute.everyClass')}</span>
        ) : (
          <ClassName of={named.get(one.class_id)} />
        ),
    },
    { key: 'kind', head: t('attribute.kind'), cell: (one) => <KindWords of={one} /> },
    {
      key: 'required',
      head: t('attribute.rules'),
      cell: (one) =>
        [
          ...(one.required ? [t('attribute.required')] : []),
          ...(one.default === null ? [] : [t('attribute.defaultIs', { value: String(one.default) })]),
          ...(one.same_as_last ? [t('attribute.sameAsLast')] : []),
        ].join(' · '),
    },
    ...(manages
      ? [
          {
            key: 'actions',
            head: '',
            width: 110,
            cell: (one: Attribute) => (
              <RowActions dataset={dataset} of={one} remove={() => setDialog({ what: 'remove', of: one })} />
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Section
        title={t('attribute.title')}
        note={t('attribute.what')}
        actions={
          manages && (
            <Button leftSection={<IconPlus size={14} />} onClick={() => setDialog({ what: 'add' })}>
              {t('attribute.add')}
            </Button>
          )
        }
      >
        <Table
          label={t('attribute.title')}
          columns={columns}
          rows={dataset.attributes}
          rowKey={(one) => one.id}
          empty={t('attribute.none')}
        />
      </Section>
      {manages && <SuggestedAttributes dataset={dataset.id} named={named} />}
      {dialog?.what === 'add' && (
        <AddAttribute dataset={dataset.id} classes={dataset.classes} close={close} />
      )}
      {dialog?.what === 'edit' && <EditAttribute dataset={dataset.id} of={dialog.of} close={close} />}
      {dialog?.what === 'remove' && <RemoveAttribute dataset={dataset.id} of={dialog.of} close={close} />}
    </>
  )
}

function RowActions({ dataset, of, remove }: { dataset: Dataset; of: Attribute; remove: () => void }) {
  const { t } = useTranslation('dataset/classes')
  const order = useOrderAttributes(dataset.id)
  const ids = dataset.attributes.map((one) => one.id)
  const at = ids.indexOf(of.id)
  const move = (step: number) => {
    const next = ids.toSpliced(at, 1).toSpliced(at + step, 0, of.id)
    order.mutate(next, { onError: toastProblem })
  }
  return (
    <Group gap={2} wrap="nowrap">
      <OffIcon
        aria-label={t('attribute.up', { name: of.name })}
        off={at === 0 && t('ui:off.first')}
        onClick={() => move(-1)}
      >
        <IconArrowUp size={15} />
      </OffIcon>
      <OffIcon
        aria-label={t('attribute.down', { name: of.name })}
        off={at === ids.length - 1 && t('ui:off.last')}
        onClick={() => move(1)}
      >
        <IconArrowDown size={15} />
      </OffIcon>
      <ActionIcon aria-label={t('attribute.remove', { name: of.name })} onClick={remove}>
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  )
}
