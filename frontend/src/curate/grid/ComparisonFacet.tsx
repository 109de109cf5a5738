import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../api/client'
import type { Comparison } from '../../api/types'
import { PathLink } from '../../ui/PathLink'
import { type FacetLine, FacetPart } from './FacetPart'
import classes from './Facets.module.css'
import type { Conditions, ObjectList } from './objects'
import { ANEW, useGridSearch } from './useGridSearch'

type Ask = (conditions: Conditions) => void

const comparisonQuery = (id: number) =>
  queryOptions({
    queryKey: ['comparisons', id],
    queryFn: ({ signal }) => get(`comparisons/${id}`, {}, signal),
    staleTime: 60_000,
  })

type Props = { list: ObjectList; comparison: number; lines: FacetLine[] | undefined; ask: Ask }

/** What became of the objects in a comparison; whose verdicts are shown; the way back to it, and out of it. */
export function ComparisonFacet({ list, comparison, lines, ask }: Props) {
  const { t } = useTranslation('curate/grid')
  const [, setSearch] = useGridSearch()
  const { data } = useQuery(comparisonQuery(comparison))
  const pair = data?.pair
  const leave = () => ask({ ...list.conditions, comparison: null, changed: [] })
  return (
    <Held title={t('compared.title')} remove={t('compared.remove')} leave={leave}>
      {data && (
        <PathLink href={`/comparisons/${comparison}`} title={t('compared.open')} className={classes.held}>
          {nameOf(data.b)} − {nameOf(data.a)}
        </PathLink>
      )}
      {pair && (
        <SegmentedControl
          size="xs"
          fullWidth
          orientation="vertical"
          className={classes.sides}
          data={[
            { value: String(pair.b), label: t('compared.later') },
            { value: String(pair.a), label: t('compared.earlier') },
          ]}
          value={String(list.evaluation)}
          onChange={(id) =>
            void setSearch({ ...ANEW, evaluation: Number(id), changed: onEither(list.conditions.changed) })
          }
        />
      )}
      <FacetPart name="changed" title={t('compared.what')} lines={lines} />
    </Held>
  )
}

/** Of false positives each evaluation has its own; what stays asked when the other is looked at. */
const onEither = (changed: readonly string[]) =>
  changed.filter((word) => word === 'fixed' || word === 'broken').join(',') || undefined

const nameOf = ({ prediction_set: judged, revision }: Comparison['a']) =>
  `${judged.run?.name ?? judged.name} · r${revision}`

type HeldProps = { title: string; remove: string; leave: () => void; children: ReactNode }

/** A condition that came with the address: what it is, and a way to let go of it. */
function Held({ title, remove, leave, children }: HeldProps) {
  return (
    <section className={classes.came} aria-label={title}>
      <header>
        {title}
        <Tooltip label={remove}>
          <ActionIcon size={20} aria-label={remove} onClick={leave}>
            <IconX size={13} />
          </ActionIcon>
        </Tooltip>
      </header>
      {children}
    </section>
  )
}
