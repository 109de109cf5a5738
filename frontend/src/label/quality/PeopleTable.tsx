import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { PersonFigures } from '../../api/types'
import { count, duration, number, personName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import classes from './Quality.module.css'
import { Share } from './Share'

type T = TFunction<'label/quality'>
const STATES = ['done', 'in_review', 'in_progress', 'skipped', 'to_label'] as const

/** Who did how much, how fast, and how sure it is. */
export function PeopleTable({ people }: { people: PersonFigures[] | undefined }) {
  const { t } = useTranslation('label/quality')
  return (
    <Section title={t('people.title')} note={t('people.note')}>
      <Table
        label={t('people.title')}
        columns={columns(t)}
        rows={people}
        rowKey={(row) => row.person.id}
        empty={t('people.nobody')}
      />
    </Section>
  )
}

function columns(t: T): Column<PersonFigures>[] {
  return [
    {
      key: 'person',
      head: t('people.person'),
      cell: (row) => personName(row.person),
      sort: (row) => personName(row.person),
    },
    { key: 'progress', head: t('people.progress'), cell: (row) => <States states={row.states} /> },
    numeric(
      t,
      'finished',
      (row) => count(row.finished),
      (row) => row.finished,
    ),
    numeric(
      t,
      'time',
      (row) => duration(row.seconds),
      (row) => row.seconds,
    ),
    numeric(
      t,
      'review',
      (row) => (row.review_seconds ? duration(row.review_seconds) : '–'),
      (row) => row.review_seconds,
    ),
    numeric(
      t,
      'pace',
      (row) => number(row.tasks_per_hour),
      (row) => row.tasks_per_hour,
    ),
    numeric(
      t,
      'error',
      (row) => <Errors of={row} />,
      (row) => row.gold?.rate ?? null,
    ),
    numeric(
      t,
      'overlap',
      (row) => number(row.gold?.overlap ?? null),
      (row) => row.gold?.overlap ?? null,
    ),
    numeric(
      t,
      'agreed',
      (row) => <Agreed of={row} />,
      (row) => agreed(row),
    ),
  ]
}

function numeric(
  t: T,
  key: 'finished' | 'time' | 'review' | 'pace' | 'error' | 'overlap' | 'agreed',
  cell: Column<PersonFigures>['cell'],
  sort: Column<PersonFigures>['sort'],
): Column<PersonFigures> {
  return { key, head: t(`people.${key}`), cell, sort, numeric: true }
}

const agreed = ({ agreed: pairs }: PersonFigures): number | null =>
  pairs?.answers ? pairs.alike / pairs.answers : null

function Agreed({ of }: { of: PersonFigures }) {
  return <Share value={agreed(of)} interval={of.agreed?.interval ?? null} />
}

function Errors({ of: { gold } }: { of: PersonFigures }) {
  const { t } = useTranslation('label/quality')
  if (!gold) return <span className="hd-faint">–</span>
  const { answers, right, wrong_class, missed, extra } = gold
  const how = t('people.errorHow', { wrong: answers - right, answers, wrong_class, missed, extra })
  return <Share value={gold.rate} interval={gold.interval} how={how} />
}

/** A person's tasks by state: a bar, and the same in words. */
function States({ states }: { states: PersonFigures['states'] }) {
  const { t } = useTranslation('label/quality')
  const shown = STATES.filter((state) => states[state])
  const total = shown.reduce((sum, state) => sum + (states[state] ?? 0), 0)
  const words = shown
    .map((state) => t('people.inState', { n: count(states[state] ?? 0), state: t(`state.${state}`) }))
    .join(', ')
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {shown.map((state) => (
          <span
            key={state}
            data-state={state}
            style={{ width: `${((states[state] ?? 0) / Math.max(1, total)) * 100}%` }}
          />
        ))}
      </div>
      <span className={classes.small}>{words}</span>
    </>
  )
}
