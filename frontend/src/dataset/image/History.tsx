import { Button, Slider } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Change, DatasetClass } from '../../api/types'
import { personName } from '../../ui/format'
import { Time } from '../../ui/Time'
import classes from './ImagePage.module.css'
import type { ImageRevision } from './queries'

type Props = {
  history: ImageRevision[]
  named: ReadonlyMap<number, DatasetClass>
  dataset: number
  /** Revision that is shown, undefined for the present. */
  at: number | undefined
  show: (revision: number | undefined) => void
}

/** Which revisions changed this image; the slider and the steps show its labels as they were then. */
export function History({ history, named, dataset, at, show }: Props) {
  const { t } = useTranslation('dataset/image')
  const words = useWords()
  const numbers = history.map(({ revision }) => revision.number).sort((a, b) => a - b)
  const newest = numbers.at(-1)
  const place = numbers.indexOf(at ?? newest ?? -1)
  const pick = (number: number | undefined) => show(number === newest ? undefined : number)
  return (
    <section className={classes.part} aria-label={t('history')}>
      <h2>{t('history')}</h2>
      {history.length === 0 && <p className={classes.none}>{t('noHistory')}</p>}
      {numbers.length > 1 && (
        <Slider
          size="xs"
          min={0}
          max={numbers.length - 1}
          step={1}
          value={place}
          onChange={(index) => pick(numbers[index])}
          label={(index) => t('revision', { number: numbers[index] })}
          thumbLabel={t('slider')}
          data-own-keys
        />
      )}
      {at !== undefined && (
        <p className={classes.past} role="status">
          {t('past', { number: at })}
          <Button size="compact-xs" onClick={() => show(undefined)}>
            {t('present')}
          </Button>
        </p>
      )}
      <ol className={classes.steps}>
        {history.map(({ revision, changes }) => (
          <li key={revision.number}>
            <button
              type="button"
              className={classes.step}
              aria-current={revision.number === (at ?? newest)}
              onClick={() => pick(revision.number)}
            >
              <span className={classes.stepHead}>
                {t('revision', { number: revision.number })}
                <span className="hd-dim">
                  <Time at={revision.created_at} />
                </span>
              </span>
              <p>{words(changes, named)}</p>
              <p>
                {revision.message} · {personName(revision.author)}
              </p>
            </button>
          </li>
        ))}
      </ol>
      {newest !== undefined && (
        <Link
          to="/datasets/$datasetId/revisions/$number"
          params={{ datasetId: String(dataset), number: String(at ?? newest) }}
          className={classes.open}
        >
          {t('openRevision', { number: at ?? newest })}
        </Link>
      )}
    </section>
  )
}

/** Changes in a line: "vehicle → bike, 2 added". */
function useWords() {
  const { t } = useTranslation('dataset/image')
  return (changes: readonly Change[], named: ReadonlyMap<number, DatasetClass>): string => {
    const name = (id: number | undefined) => named.get(id ?? -1)?.name ?? '–'
    const relabelled = changes
      .filter(({ before, after }) => before && after && before.class_id !== after.class_id)
      .map(({ before, after }) => `${name(before?.class_id)} → ${name(after?.class_id)}`)
    const counted = (['added', 'removed', 'moved', 'attributes'] as const).flatMap((kind) => {
      const number = changes.filter(({ change }) => change === kind).length
      return number > 0 ? [t(`change.${kind}`, { count: number })] : []
    })
    return [...relabelled, ...counted].join(', ')
  }
}
