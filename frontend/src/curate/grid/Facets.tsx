import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './Facets.module.css'
import { type Filter, facetsQuery } from './queries'
import {
  classClause,
  type FacetValue,
  hasCondition,
  hasValue,
  sliceClause,
  toggleCondition,
  toggleValue,
} from './queryText'

type Props = { filter: Filter; apply: (q: string) => void }

/** Values shown at first in each part. */
const FEW = 8

/**
 * What there is to filter by, with how many images of the present list have it. A click edits the query line, nothing
 * else. The values are those of the whole dataset, so that the list does not jump under the pointer.
 */
export function Facets({ filter, apply }: Props) {
  const { t } = useTranslation('curate/grid')
  const { dataset, q } = filter
  const named = useClasses(dataset)
  const whole = useQuery(facetsQuery({ dataset, q: '', evaluation: null }))
  const now = useQuery({ ...facetsQuery(filter), placeholderData: (before) => before, retry: false })
  if (whole.error) return <ProblemNote error={whole.error} retry={whole.refetch} />
  const left = now.data ?? whole.data
  const imagesOf = (key: string, value: FacetValue) =>
    left?.metadata.find((one) => one.key === key)?.values.find((one) => one.value === value)?.images ?? 0
  return (
    <nav className={classes.facets} aria-label={t('facets')} aria-busy={now.isFetching}>
      <Part name="classes" title={t('classes')}>
        {whole.data?.classes.map(({ class_id }) => {
          const of = named.get(class_id)
          const clause = classClause(of?.name ?? '')
          const images = left?.classes.find((one) => one.class_id === class_id)?.images ?? 0
          return (
            <Row
              key={class_id}
              images={images}
              on={hasCondition(q, clause)}
              toggle={() => apply(toggleCondition(q, clause))}
            >
              <ClassName of={of} />
            </Row>
          )
        })}
      </Part>
      {whole.data?.metadata.map(({ key, values }) => (
        <Part key={key} name={`metadata ${key}`} title={key}>
          {values.map(({ value }) => (
            <Row
              key={String(value)}
              images={imagesOf(key, value)}
              on={hasValue(q, key, value)}
              toggle={() => apply(toggleValue(q, key, value))}
            >
              {String(value)}
            </Row>
          ))}
        </Part>
      ))}
      <Part name="slices" title={t('slices')}>
        {whole.data?.slices.map(({ id, name }) => {
          const images = left?.slices.find((one) => one.id === id)?.images ?? 0
          const clause = sliceClause(name)
          return (
            <Row
              key={id}
              images={images}
              on={hasCondition(q, clause)}
              toggle={() => apply(toggleCondition(q, clause))}
            >
              {name}
            </Row>
          )
        })}
      </Part>
    </nav>
  )
}

/** One heading with its values; remembers whether it is open. */
function Part({ name, title, children }: { name: string; title: string; children: ReactNode[] | undefined }) {
  const { t } = useTranslation('curate/grid')
  const key = `halfday.facet.${name}`
  const [open, setOpen] = useState(() => localStorage.getItem(key) !== 'closed')
  const [all, setAll] = useState(false)
  if (children?.length === 0) return null
  const toggle = (next: boolean) => {
    setOpen(next)
    localStorage.setItem(key, next ? 'open' : 'closed')
  }
  return (
    <details className={classes.part} open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>{title}</summary>
      {children ? (
        <ul>{all ? children : children.slice(0, FEW)}</ul>
      ) : (
        <div className={classes.waiting} aria-hidden />
      )}
      {children && children.length > FEW && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)}>
          {all ? t('fewer') : t('more', { count: children.length - FEW })}
        </button>
      )}
    </details>
  )
}

type RowProps = { images: number; on: boolean; toggle: () => void; children: ReactNode }

function Row({ images, on, toggle, children }: RowProps) {
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        aria-pressed={on}
        data-none={images === 0 || undefined}
        onClick={toggle}
      >
        <span className={classes.name}>{children}</span>
        <span className="hd-num">{count(images)}</span>
      </button>
    </li>
  )
}
