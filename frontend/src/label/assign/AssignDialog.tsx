import { MultiSelect, NumberInput, SegmentedControl, Select, Switch, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, BatchPerson } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { count, duration, personName } from '../../ui/format'
import { toast } from '../../ui/toast'
import { totalOf } from '../progress'
import classes from './AssignDialog.module.css'
import { type Filled, partOf } from './part'
import { peopleQuery, previewQuery, useAssign } from './queries'

type Props = { batch: Batch; selected: readonly number[]; close: () => void }

/** Gives tasks of a batch to people: which, to whom, how they are spread, and until when; the counts are shown first. */
export function AssignDialog({ batch, selected, close }: Props) {
  const { t } = useTranslation('label/assign')
  const people = useQuery(peopleQuery(batch.id)).data ?? []
  const [filled, setFilled] = useState<Filled>(() => blank(selected, totalOf(batch.tasks)))
  const set = (part: Partial<Filled>) => setFilled((was) => ({ ...was, ...part }))
  const part = partOf(filled)
  const [asked] = useDebouncedValue(part, 200)
  const preview = useQuery(previewQuery(batch.id, asked))
  const would = part ? preview.data?.parts[0] : undefined
  const assign = useAssign(batch.id)
  const send = () => {
    if (!part) return
    assign.mutate(part, {
      onSuccess: ({ parts }) => {
        toast(t('done', { count: parts[0]?.tasks ?? 0 }))
        close()
      },
    })
  }
  return (
    <FormDialog
      title={t('title', { name: batch.name })}
      size={560}
      verb={would ? t('verb', { count: would.tasks }) : t('verbNone')}
      ready={part !== null && (would?.tasks ?? 0) > 0}
      pending={assign.isPending}
      problem={assign.error ?? preview.error}
      send={send}
      close={close}
    >
      <Which filled={filled} set={set} people={people} total={totalOf(batch.tasks)} />
      <ToWhom filled={filled} set={set} people={people} />
      <TextInput
        type="date"
        label={t('due')}
        description={t(filled.to === 'stay' ? 'dueAlone' : 'dueNote')}
        value={filled.due}
        onChange={(event) => set({ due: event.currentTarget.value })}
      />
      {would && would.tasks === 0 && <p className="hd-dim">{t('noTask')}</p>}
      {would && filled.to === 'people' && would.tasks > 0 && <Counts would={would.people} people={people} />}
    </FormDialog>
  )
}

const blank = (selected: readonly number[], total: number): Filled => ({
  which: selected.length > 0 ? 'selected' : 'nobodys',
  selected,
  first: 1,
  last: total,
  restOf: null,
  to: 'people',
  people: [],
  bySpeed: false,
  blocks: false,
  due: '',
})

type PartProps = { filled: Filled; set: (part: Partial<Filled>) => void; people: BatchPerson[] }

function Which({ filled, set, people, total }: PartProps & { total: number }) {
  const { t } = useTranslation('label/assign')
  const all = ['selected', 'nobodys', 'unfinished', 'range', 'rest'] as const
  const offered = all.filter((one) => one !== 'selected' || filled.selected.length > 0)
  return (
    <>
      <Select
        label={t('which')}
        data={offered.map((value) => ({
          value,
          label: t(`which_${value}`, { count: filled.selected.length }),
        }))}
        value={filled.which}
        allowDeselect={false}
        onChange={(which) => set({ which: which as Filled['which'] })}
      />
      {filled.which === 'range' && (
        <div className={classes.line}>
          <NumberInput
            label={t('first')}
            min={1}
            max={total}
            value={filled.first}
            onChange={(first) => set({ first: Number(first) })}
          />
          <NumberInput
            label={t('last')}
            min={1}
            max={total}
            value={filled.last}
            onChange={(last) => set({ last: Number(last) })}
          />
        </div>
      )}
      {filled.which === 'rest' && (
        <Select
          label={t('restOf')}
          data={people.filter((one) => one.tasks > 0).map(optionOf)}
          value={filled.restOf === null ? null : String(filled.restOf)}
          onChange={(id) => set({ restOf: id === null ? null : Number(id) })}
        />
      )}
    </>
  )
}

const optionOf = ({ person }: BatchPerson) => ({ value: String(person.id), label: personName(person) })

function ToWhom({ filled, set, people }: PartProps) {
  const { t } = useTranslation('label/assign')
  return (
    <>
      <SegmentedControl
        aria-label={t('to')}
        value={filled.to}
        data={(['people', 'nobody', 'stay'] as const).map((value) => ({
          value,
          label: t(`to_${value}`),
        }))}
        onChange={(to) => set({ to })}
      />
      {filled.to === 'people' && (
        <>
          <MultiSelect
            label={t('people')}
            placeholder={filled.people.length === 0 ? t('choose') : undefined}
            data={people.map(optionOf)}
            value={filled.people.map(String)}
            searchable
            onChange={(ids) => set({ people: ids.map(Number) })}
          />
          {filled.people.length > 1 && (
            <>
              <SegmentedControl
                aria-label={t('spread')}
                value={filled.bySpeed ? 'speed' : 'evenly'}
                data={[
                  { value: 'evenly', label: t('evenly') },
                  { value: 'speed', label: t('bySpeed') },
                ]}
                onChange={(how) => set({ bySpeed: how === 'speed' })}
              />
              <Switch
                label={t('blocks')}
                description={t('blocksNote')}
                checked={filled.blocks}
                onChange={(event) => set({ blocks: event.currentTarget.checked })}
              />
            </>
          )}
        </>
      )}
    </>
  )
}

type Would = { person: BatchPerson['person'] | null; tasks: number }[]

/** What each would get, beside what they have and how long one takes them. */
function Counts({ would, people }: { would: Would; people: BatchPerson[] }) {
  const { t } = useTranslation('label/assign')
  const known = new Map(people.map((one) => [one.person.id, one]))
  return (
    <table className={classes.counts}>
      <thead>
        <tr>
          <th scope="col">{t('person')}</th>
          <th scope="col">{t('has')}</th>
          <th scope="col">{t('perTask')}</th>
          <th scope="col">{t('gets')}</th>
        </tr>
      </thead>
      <tbody>
        {would.map(({ person, tasks }) => {
          const one = person && known.get(person.id)
          return (
            <tr key={person?.id ?? 0}>
              <td>{person && personName(person)}</td>
              <td className="hd-num">{count(one?.tasks ?? 0)}</td>
              <td className="hd-num">{one?.seconds ? duration(one.seconds) : '–'}</td>
              <td className="hd-num">{count(tasks)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
