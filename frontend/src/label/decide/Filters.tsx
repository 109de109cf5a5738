import { Select, Slider, Switch } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, GridCounts } from '../../api/types'
import { count, number } from '../../ui/format'
import classes from './DecidePage.module.css'
import { type GridFilter, KINDS } from './filter'

type Props = {
  filter: GridFilter
  counts: GridCounts | undefined
  classes: DatasetClass[]
  choose: (filter: GridFilter) => void
}

/** Kind, class and score, each with how many it would show. */
export function Filters({ filter, counts, classes: all, choose }: Props) {
  const { t } = useTranslation('label/decide')
  const ofKind = new Map(counts?.kinds.map((one) => [one.kind, one.count]))
  const ofClass = new Map(counts?.classes.map((one) => [one.class_id, one.count]))
  const every = counts?.kinds.reduce((sum, one) => sum + one.count, 0)
  return (
    <div className={classes.filters}>
      <fieldset className={classes.chips}>
        <legend className="hd-hidden">{t('filterKind')}</legend>
        {[undefined, ...KINDS].map((kind) => (
          <button
            key={kind ?? 'all'}
            type="button"
            aria-pressed={filter.kind === kind}
            onClick={() => choose({ ...filter, kind })}
          >
            {kind ? t(`kind.${kind}`) : t('all')}
            <span className="hd-num">{counts && count(kind ? (ofKind.get(kind) ?? 0) : (every ?? 0))}</span>
          </button>
        ))}
      </fieldset>
      <Select
        aria-label={t('filterClass')}
        placeholder={t('anyClass')}
        clearable
        searchable
        w={190}
        data={all
          .filter((one) => ofClass.has(one.id) || one.id === filter.class_id)
          .map((one) => ({
            value: String(one.id),
            label: `${one.name} · ${count(ofClass.get(one.id) ?? 0)}`,
          }))}
        value={filter.class_id === undefined ? null : String(filter.class_id)}
        onChange={(value) => choose({ ...filter, class_id: value === null ? undefined : Number(value) })}
      />
      <Score
        value={filter.smallest_score ?? 0}
        bars={counts?.scores}
        choose={(score) => choose({ ...filter, smallest_score: score || undefined })}
      />
      <Switch
        label={t('every')}
        checked={filter.every ?? false}
        onChange={(event) => choose({ ...filter, every: event.currentTarget.checked || undefined })}
      />
    </div>
  )
}

type ScoreProps = { value: number; bars: number[] | undefined; choose: (score: number) => void }

/** The least score, below a histogram of all. */
function Score({ value, bars = [], choose }: ScoreProps) {
  const { t } = useTranslation('label/decide')
  const [at, setAt] = useState(value)
  useEffect(() => setAt(value), [value])
  const highest = Math.max(1, ...bars)
  return (
    <div className={classes.score}>
      <svg viewBox={`0 0 ${Math.max(bars.length, 1)} 10`} preserveAspectRatio="none" aria-hidden>
        {bars.map((bar, place) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity but their place
            key={place}
            x={place + 0.1}
            width={0.8}
            y={10 - (10 * bar) / highest}
            height={(10 * bar) / highest}
            data-out={place / bars.length < at - 1e-9 || undefined}
          />
        ))}
      </svg>
      <Slider
        size={4}
        min={0}
        max={1}
        step={0.05}
        value={at}
        label={null}
        thumbLabel={t('smallestScore')}
        onChange={setAt}
        onChangeEnd={choose}
      />
      <span className="hd-num hd-dim">{t('scoreFrom', { score: number(at, 2) })}</span>
    </div>
  )
}
