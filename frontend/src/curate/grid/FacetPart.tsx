import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import classes from './Facets.module.css'

/** One value to filter by. `text` is what a search looks in. */
export type FacetLine = {
  key: string
  text: string
  shown?: ReactNode
  number: number
  on: boolean
  toggle: () => void
}

/** Values shown at first in each part. */
const FEW = 8
/** From so many on there is a field to search them. */
const MANY = 12

type Props = { name: string; title: string; lines: FacetLine[] | undefined }

/** One heading with its values; remembers whether it is open. Long ones can be searched. */
export function FacetPart({ name, title, lines }: Props) {
  const { t } = useTranslation('curate/grid')
  const key = `halfday.facet.${name}`
  const [open, setOpen] = useState(() => localStorage.getItem(key) !== 'closed')
  const [all, setAll] = useState(false)
  const [sought, setSought] = useState('')
  if (lines?.length === 0) return null
  const toggle = (next: boolean) => {
    setOpen(next)
    localStorage.setItem(key, next ? 'open' : 'closed')
  }
  const found = lines?.filter(({ text }) => text.toLowerCase().includes(sought.trim().toLowerCase()))
  // What is chosen is always in sight.
  const few = found?.filter((line, at) => at < FEW || line.on)
  const searching = sought.trim() !== ''
  return (
    <details className={classes.part} open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>{title}</summary>
      {lines && lines.length >= MANY && (
        <TextInput
          className={classes.search}
          size="xs"
          aria-label={t('searchIn', { what: title })}
          placeholder={t('search')}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      )}
      {found ? (
        <ul>
          {(all || searching ? found : few)?.map(({ key: own, ...line }) => (
            <Row key={own} {...line} />
          ))}
        </ul>
      ) : (
        <div className={classes.waiting} aria-hidden />
      )}
      {found?.length === 0 && <p className={classes.none}>{t('noSuchValue')}</p>}
      {found && few && !searching && found.length > few.length && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)}>
          {all ? t('fewer') : t('more', { count: found.length - few.length })}
        </button>
      )}
    </details>
  )
}

function Row({ text, shown, number, on, toggle }: Omit<FacetLine, 'key'>) {
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        aria-pressed={on}
        data-none={number === 0 || undefined}
        onClick={toggle}
      >
        <span className={classes.name}>{shown ?? text}</span>
        <span className="hd-num">{count(number)}</span>
      </button>
    </li>
  )
}
