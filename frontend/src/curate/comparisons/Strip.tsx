import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangedObject, Changes, Comparison, DatasetClass, ObjectRow } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { BoxedImage, type DrawnBox } from '../../ui/BoxedImage'
import { LETTER, ON_IMAGE } from '../../ui/colours'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { changedObjectsQuery } from '../evaluations/queries'
import { cropAddress } from '../grid/crop'
import { type ChangedWord, changedAddress } from './addresses'
import classes from './Strip.module.css'

type Props = { comparison: Comparison; changes: Changes }
const CROP = 160
const WORDS: ChangedWord[] = ['fixed', 'broken', 'fp_gone', 'fp_new']

/** The largest dozen of what changed: each cut-out as the earlier and as the later judged it. A half opens its image. */
export function Strip({ comparison, changes }: Props) {
  const { t } = useTranslation('curate/comparisons')
  const { objects } = changes
  const [word, setWord] = useState<ChangedWord>(WORDS.find((one) => objects[one] > 0) ?? 'fixed')
  const known = useClasses(comparison.dataset)
  const { data, error, refetch } = useQuery(changedObjectsQuery(comparison.id, word))
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('compare.shown')}
          data={WORDS.map((value) => ({
            value,
            label: `${t(`compare.short.${value}`)} ${count(objects[value])}`,
          }))}
          value={word}
          onChange={(value) => setWord(value as ChangedWord)}
        />
        {objects[word] > 0 && (
          <PathLink href={changedAddress(comparison, word)} className="hd-dim">
            {t('compare.openAll', { count: objects[word], n: count(objects[word]) })}
          </PathLink>
        )}
      </div>
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <p className="hd-dim">{t(`compare.none.${word}`)}</p>}
      <ul className={classes.strip}>
        {data
          ? data.map((one) => (
              <Both
                key={one.later?.id ?? `a${one.earlier?.id}`}
                one={one}
                comparison={comparison}
                known={known}
              />
            ))
          : [1, 2, 3, 4, 5, 6].map((place) => <Skeleton key={place} height={150} />)}
      </ul>
    </>
  )
}

type Known = ReadonlyMap<number, DatasetClass>
type BothProps = { one: ChangedObject; comparison: Comparison; known: Known }

function Both({ one, comparison, known }: BothProps) {
  const { t } = useTranslation('curate/comparisons')
  const shown = (one.later ?? one.earlier) as ObjectRow
  const { pair, dataset } = comparison
  return (
    <li className={classes.item}>
      <div className={classes.halves}>
        {(['earlier', 'later'] as const).map((side) => {
          const row = one[side]
          const verdict = row
            ? `${LETTER[row.verdict ?? 'fn']} ${t(`compare.verdict.${row.verdict ?? 'fn'}`)}`
            : t('compare.nothing')
          return (
            <PathLink
              key={side}
              href={`/datasets/${dataset}/images/${shown.image.id}?evaluation=${side === 'earlier' ? pair?.a : pair?.b}`}
              aria-label={`${t(side)}: ${verdict}, ${known.get(shown.class_id)?.name ?? ''}, ${shown.image.key}`}
            >
              <Crop shown={shown} row={row} known={known} />
              <span data-verdict={row?.verdict}>{verdict}</span>
            </PathLink>
          )
        })}
      </div>
      <p>
        <i style={{ background: known.get(shown.class_id)?.colour }} />
        {known.get(shown.class_id)?.name}
        <span className="hd-faint">{shown.image.key}</span>
      </p>
    </li>
  )
}

type CropProps = { shown: ObjectRow; row: ObjectRow | null; known: Known }

/** The cut-out around the object, with the boxes of one side's verdict on it. */
function Crop({ shown, row, known }: CropProps) {
  const [x1, y1, x2, y2] = shown.region
  return (
    <BoxedImage
      src={cropAddress(shown.crop, CROP)}
      width={x2 - x1}
      height={y2 - y1}
      aspect={1}
      alt=""
      boxes={(row?.boxes ?? []).map(
        (one): DrawnBox => ({
          key: `${one.kind}${one.id}`,
          box: [one.box[0] - x1, one.box[1] - y1, one.box[2] - x1, one.box[3] - y1],
          colour: one.verdict ? ON_IMAGE[one.verdict] : (known.get(one.class_id)?.colour ?? '#9a9a96'),
          line: one.kind === 'gt' ? 'solid' : 'dashed',
          label:
            one.kind === 'pred' && one.class_id !== shown.class_id
              ? known.get(one.class_id)?.name
              : undefined,
        }),
      )}
    />
  )
}
