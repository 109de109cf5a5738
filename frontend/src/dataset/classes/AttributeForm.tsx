import { Checkbox, Group, Select, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attribute, AttributeKind, DatasetClass } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import { toast } from '../../ui/toast'
import { type AttributeDraft, attributeOf, draftOf, EMPTY, isReady, KINDS } from './attributeDraft'
import { useAddAttributes, useChangeAttribute, usesQuery } from './attributeQueries'
import { Preview } from './Preview'

type Props = { dataset: number; classes: readonly DatasetClass[]; close: () => void }

export function AddAttribute({ dataset, classes, close }: Props) {
  const { t } = useTranslation('dataset/classes')
  const [draft, setDraft] = useState(EMPTY)
  const add = useAddAttributes(dataset)
  return (
    <FormDialog
      title={t('attribute.addTitle')}
      verb={t('attribute.add')}
      ready={isReady(draft)}
      pending={add.isPending}
      problem={add.error}
      close={close}
      send={() => add.mutate([attributeOf(draft)], { onSuccess: close })}
    >
      <Select
        label={t('attribute.of')}
        data={[
          { value: '', label: t('attribute.everyClass') },
          ...classes.map((one) => ({ value: String(one.id), label: one.name })),
        ]}
        allowDeselect={false}
        value={draft.class_id === null ? '' : String(draft.class_id)}
        onChange={(id) => setDraft({ ...draft, class_id: id ? Number(id) : null })}
      />
      <Fields draft={draft} set={(part) => setDraft({ ...draft, ...part })} />
    </FormDialog>
  )
}

export function EditAttribute({ dataset, of, close }: { dataset: number; of: Attribute; close: () => void }) {
  const { t } = useTranslation('dataset/classes')
  const [draft, setDraft] = useState(() => draftOf(of))
  const [moving, setMoving] = useState(true)
  const change = useChangeAttribute(dataset)
  const labels = useQuery(usesQuery(of.id)).data?.labels
  const renamed = draft.name.trim() !== of.name
  const { class_id: _, ...fields } = attributeOf(draft, of.values)
  const send = () =>
    change.mutate(
      { id: of.id, ...fields, move_values: renamed && moving },
      {
        onSuccess: ({ changed, revision }) => {
          if (revision !== null)
            toast(t('attribute.moved', { count: changed, n: count(changed), number: revision }))
          close()
        },
      },
    )
  return (
    <FormDialog
      title={t('attribute.editTitle', { name: of.name })}
      verb={t('attribute.save')}
      ready={isReady(draft)}
      pending={change.isPending}
      problem={change.error}
      close={close}
      send={send}
    >
      <Fields draft={draft} set={(part) => setDraft({ ...draft, ...part })} />
      {renamed && (
        <Checkbox
          label={
            labels === undefined
              ? t('attribute.counting')
              : t('attribute.move', { count: labels, n: count(labels) })
          }
          checked={moving}
          onChange={(event) => setMoving(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  )
}

type FieldsProps = { draft: AttributeDraft; set: (part: Partial<AttributeDraft>) => void }

function Fields({ draft, set }: FieldsProps) {
  const { t } = useTranslation('dataset/classes')
  return (
    <>
      <TextInput
        label={t('attribute.name')}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Select
        label={t('attribute.kind')}
        data={KINDS.map((kind) => ({ value: kind, label: t(`attribute.kinds.${kind}`) }))}
        allowDeselect={false}
        value={draft.kind}
        onChange={(kind) => set({ kind: kind as AttributeKind, default: '' })}
      />
      {draft.kind === 'choice' && (
        <TagsInput
          label={t('attribute.values')}
          description={t('attribute.valuesWhat')}
          value={draft.values}
          onChange={(values) => set({ values })}
        />
      )}
      {draft.kind === 'number' && <NumberFields draft={draft} set={set} />}
      <DefaultField draft={draft} set={set} />
      <Checkbox
        label={t('attribute.required')}
        description={t('attribute.requiredWhat')}
        checked={draft.required}
        onChange={(event) => set({ required: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('attribute.sameAsLast')}
        description={t('attribute.sameAsLastWhat')}
        checked={draft.same_as_last}
        onChange={(event) => set({ same_as_last: event.currentTarget.checked })}
      />
      <Preview of={attributeOf(draft)} />
    </>
  )
}

function NumberFields({ draft, set }: FieldsProps) {
  const { t } = useTranslation('dataset/classes')
  return (
    <Group grow align="flex-start">
      {(['minimum', 'maximum', 'unit'] as const).map((name) => (
        <TextInput
          key={name}
          label={t(`attribute.${name}`)}
          inputMode={name === 'unit' ? undefined : 'decimal'}
          value={draft[name]}
          onChange={(event) => set({ [name]: event.currentTarget.value })}
        />
      ))}
    </Group>
  )
}

function DefaultField({ draft, set }: FieldsProps) {
  const { t } = useTranslation('dataset/classes')
  if (draft.kind === 'number' || draft.kind === 'text') {
    return (
      <TextInput
        label={t('attribute.default')}
        value={draft.default}
        onChange={(event) => set({ default: event.currentTarget.value })}
      />
    )
  }
  const truths = [
    { value: 'true', label: t('attribute.yes') },
    { value: 'false', label: t('attribute.no') },
  ]
  return (
    <Select
      label={t('attribute.default')}
      placeholder={t('attribute.noDefault')}
      clearable
      data={draft.kind === 'checkbox' ? truths : draft.values}
      value={draft.default || null}
      onChange={(text) => set({ default: text ?? '' })}
    />
  )
}
