import { Button } from '@mantine/core'
import {
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, DatasetClass, GridSuggestion, Verdict } from '../../api/types'
import { useGo } from '../../ui/PathLink'
import { ACTION_KEYS } from '../canvas/actions/list'
import { classKeys } from '../canvas/classKeys'
import { AllShown } from './AllShown'
import { afterDeciding, chosen as chosenOf, moved, START } from './cursor'
import classes from './DecideGrid.module.css'
import type { GridFilter } from './filter'
import { Looked, WholeImage } from './Looked'
import type { DecisionQueue } from './queue'
import { Tile } from './Tile'
import { useDecideKeys } from './useDecideKeys'

/** Rows ahead of the cursor whose pictures and next page are asked for. */
const AHEAD = 40
/** More than so many are decided at once only when asked for twice. */
const ASKED_FROM = 20

type Props = {
  batch: Batch
  rows: GridSuggestion[]
  classes: DatasetClass[]
  queue: DecisionQueue
  filter: GridFilter
  /** How many the filter shows in all, on the screen or not. */
  shown: number
  more: (() => unknown) | undefined
  again: () => void
}

/** The crops. One is looked at; a key decides it, or with Shift and arrows many of them, and the next is there. */
export function DecideGrid({ batch, rows, classes: all, queue, filter, shown, more, again }: Props) {
  const { t } = useTranslation('label/decide')
  const go = useGo()
  const grid = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState(START)
  const [whole, setWhole] = useState(false)
  const [asking, setAsking] = useState<Verdict | null>(null)
  const { given, left } = useSyncExternalStore(queue.subscribe, () => queue.state)
  const named = useMemo(() => new Map(all.map((one) => [one.id, one])), [all])
  const keyOfClass = useMemo(() => strokes(classKeys(all, ACTION_KEYS)), [all])
  const current = rows[cursor.at]
  const places = chosenOf(cursor)
  const isOpen = (place: number) => queue.of(rows[place]!).verdict === 'pending'
  const decide = (verdict: Verdict, classId: number | null = null) => {
    queue.give(
      places.flatMap((place) => rows[place] ?? []),
      { verdict, classId },
    )
    setCursor((was) => afterDeciding(was, isOpen, rows.length))
  }
  const undo = () => {
    const ids = new Set(queue.undo())
    const at = rows.findIndex((row) => ids.has(row.id))
    if (at >= 0) setCursor({ at, from: rows.findLastIndex((row) => ids.has(row.id)) })
  }
  const step = (by: number, extend = false) => setCursor((was) => moved(was, by, rows.length, extend))
  const take = useCallback(
    (at: number, extend: boolean) => setCursor((was) => ({ at, from: extend ? was.from : at })),
    [],
  )
  const decideAll = (verdict: Verdict) => {
    if (shown > ASKED_FROM || more) setAsking(verdict)
    else
      queue.give(
        rows.filter((_, place) => isOpen(place)),
        { verdict, classId: null },
      )
  }
  useDecideKeys({
    decide,
    undo,
    step,
    across: () => columnsOf(grid.current),
    look: () => setWhole((was) => !was),
    close: () => setWhole(false),
    open: () => current && go(`/tasks/${current.task}`),
    all: decideAll,
    classes: all,
    keyOfClass,
    queue,
  })
  useFocus(grid)
  useInView(current?.id)
  useEffect(() => {
    if (more && cursor.at > rows.length - AHEAD) more()
  }, [more, cursor.at, rows.length])
  const still = rows.some((_, place) => isOpen(place))
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <div
          ref={grid}
          role="listbox"
          tabIndex={0}
          data-page-keys
          aria-label={t('title')}
          aria-multiselectable
          aria-activedescendant={current && `decide-${current.id}`}
          className={classes.grid}
        >
          {rows.map((one, place) => (
            <Tile
              key={one.id}
              suggestion={one}
              named={named}
              given={given.get(one.id) ?? queue.of(one)}
              left={left.get(one.id)}
              current={place === cursor.at}
              chosen={places.includes(place)}
              lazy={place > cursor.at + AHEAD}
              {...{ place, take }}
            />
          ))}
        </div>
        {!still && !more && (
          <p className={classes.end}>
            {t('allDecided')} <Button onClick={() => void queue.flush().then(again)}>{t('again')}</Button>
          </p>
        )}
      </div>
      {current && (
        <Looked
          suggestion={current}
          given={given.get(current.id) ?? queue.of(current)}
          classes={all}
          choose={(classId) => decide('corrected', classId)}
          {...{ named, keyOfClass }}
        />
      )}
      {whole && current && <WholeImage suggestion={current} named={named} />}
      {asking && (
        <AllShown {...{ batch, queue, filter, shown }} verdict={asking} close={() => setAsking(null)} />
      )}
    </div>
  )
}

/** Keys as useActions takes them: two strokes in a row stand apart. */
function strokes(keys: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  return new Map([...keys].map(([id, key]) => [id, key.includes(' ') ? key : [...key].join(' ')]))
}

/** How many tiles stand in a row. */
function columnsOf(list: HTMLElement | null): number {
  return list ? getComputedStyle(list).gridTemplateColumns.split(' ').length : 1
}

function useFocus(grid: RefObject<HTMLDivElement | null>): void {
  useEffect(() => grid.current?.focus({ preventScroll: true }), [grid])
}

function useInView(id: number | undefined): void {
  useEffect(() => {
    if (id !== undefined) document.getElementById(`decide-${id}`)?.scrollIntoView?.({ block: 'nearest' })
  }, [id])
}
