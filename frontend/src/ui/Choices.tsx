import type { KeyboardEvent } from 'react'
import { useId } from 'react'
import classes from './Choices.module.css'

export type Option<T> = { readonly value: T; readonly text: string }

type Props<T> = {
  label: string
  options: readonly Option<T>[]
  value: T | undefined
  choose: (value: T | undefined) => void
}

/** One of a few: digits and first letters choose, arrows walk, Delete takes it away. Tab passes it as one stop. */
export function Choices<T>({ label, options, value, choose }: Props<T>) {
  const id = useId()
  const at = options.findIndex((one) => one.value === value)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = placeOf(event.key, options, at)
    if (next === null) return
    choose(options[next]?.value)
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      role="radiogroup"
      aria-label={label}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      tabIndex={0}
      data-control
      className={classes.choices}
      onKeyDown={onKeyDown}
    >
      {options.map((one, place) => (
        // biome-ignore lint/a11y/useSemanticElements: radio inputs would take the arrow keys and Tab for themselves
        <button
          key={one.text}
          id={`${id}-${place}`}
          type="button"
          role="radio"
          tabIndex={-1}
          aria-checked={place === at}
          onClick={() => choose(place === at ? undefined : one.value)}
        >
          {place < 9 && <kbd aria-hidden>{place + 1}</kbd>}
          {one.text}
        </button>
      ))}
    </div>
  )
}

/** The place that a key means: -1 for none, null where the key means nothing here. */
export function placeOf<T>(key: string, options: readonly Option<T>[], at: number): number | null {
  if (key === 'Delete' || key === 'Backspace') return -1
  if (/^[1-9]$/.test(key)) return Number(key) <= options.length ? Number(key) - 1 : null
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, ' ': 1 }[key]
  if (step) return (Math.max(at, step < 0 ? 0 : -1) + step + options.length) % options.length
  if (key.length !== 1) return null
  const places = options.map((_, place) => (at + 1 + place) % options.length)
  const found = places.find((place) => options[place]?.text.toLowerCase().startsWith(key.toLowerCase()))
  return found ?? null
}
