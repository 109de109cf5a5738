import { useTranslation } from 'react-i18next'
import type { Changes, Comparison } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { type Column, Table } from '../../ui/Table'
import { type ChangedWord, changedAddress, imagesAddress } from './addresses'
import classes from './Changed.module.css'

type Props = { comparison: Comparison; changes: Changes }
type OfClass = Changes['objects']['per_class'][number]
const WORDS: ChangedWord[] = ['fixed', 'broken', 'fp_gone', 'fp_new']
export const IS_BETTER: Record<ChangedWord, boolean> = {
  fixed: true,
  broken: false,
  fp_gone: true,
  fp_new: false,
}

/** How many labels, false positives and images got better and worse; each number opens them. */
export function Changed({ comparison, changes }: Props) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const { objects, images } = changes
  return (
    <div className={classes.tiles}>
      {WORDS.map((word) => (
        <Tile
          key={word}
          n={objects[word]}
          better={IS_BETTER[word]}
          to={changedAddress(comparison, word)}
          name={t(`compare.word.${word}`)}
          what={t(`compare.what.${word}`)}
        />
      ))}
      <Tile
        n={images.fewer}
        better
        to={imagesAddress(comparison, 'improved')}
        name={t('compare.word.improved')}
        what={t('compare.what.improved')}
      />
      <Tile
        n={images.more}
        better={false}
        to={imagesAddress(comparison, 'worsened')}
        name={t('compare.word.worsened')}
        what={t('compare.what.worsened')}
      />
    </div>
  )
}

type TileProps = { n: number; better: boolean; to: string; name: string; what: string }

function Tile({ n, better, to, name, what }: TileProps) {
  return (
    <PathLink
      href={to}
      className={classes.tile}
      data-better={better || undefined}
      data-none={n === 0 || undefined}
    >
      <strong className="hd-num">{count(n)}</strong>
      <span>{name}</span>
      <small>{what}</small>
    </PathLink>
  )
}

/** The same of objects by class. */
export function ChangedByClass({ comparison, changes }: Props) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const known = useClasses(comparison.dataset)
  const columns: Column<OfClass>[] = [
    {
      key: 'class',
      head: t('curate/evaluations:class'),
      sort: (row) => known.get(row.class_id)?.name ?? '',
      cell: (row) => <ClassName of={known.get(row.class_id)} />,
    },
    ...WORDS.map(
      (word): Column<OfClass> => ({
        key: word,
        head: t(`compare.short.${word}`),
        numeric: true,
        width: 92,
        sort: (row) => row[word],
        cell: (row) => (
          <PathLink
            className={classes.number}
            href={changedAddress(comparison, word, row.class_id)}
            data-better={IS_BETTER[word] || undefined}
            data-none={row[word] === 0 || undefined}
            aria-label={`${known.get(row.class_id)?.name ?? ''}: ${t(`compare.word.${word}`)} ${row[word]}`}
          >
            {count(row[word])}
          </PathLink>
        ),
      }),
    ),
  ]
  const rows = changes.objects.per_class.filter((row) => WORDS.some((word) => row[word] > 0))
  return (
    <Table
      label={t('compare.changed')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.class_id}
      empty={t('compare.nothingChanged')}
      initialSort={{ key: 'fixed', descending: true }}
    />
  )
}
