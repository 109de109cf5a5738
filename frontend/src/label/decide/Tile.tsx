import { IconArrowRight, IconCheck, IconPencil, IconX } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GridSuggestion, Verdict } from '../../api/types'
import { BoxedImage } from '../../ui/BoxedImage'
import { ClassName } from '../../ui/ClassName'
import { percent } from '../../ui/format'
import classes from './DecideGrid.module.css'
import type { Given } from './queue'
import { becomes, boxesOf, type Named } from './shapes'

type Props = {
  suggestion: GridSuggestion
  named: Named
  given: Given
  /** Why the server left it as it is. */
  left: string | undefined
  current: boolean
  chosen: boolean
  /** Far from the cursor: its picture may wait. */
  lazy: boolean
  place: number
  take: (place: number, extend: boolean) => void
}

/** One crop: what is labelled, what is proposed, and what was decided. */
export const Tile = memo(function Tile({ suggestion: one, named, given, left, lazy, ...own }: Props) {
  const { t } = useTranslation('label/decide')
  const { place, take, current, chosen } = own
  const was = one.given && named.get(one.given.class_id)
  const next = becomes(one, given)
  const is = next === null ? undefined : named.get(next)
  const label = [
    t(`kind.${one.kind}`),
    was?.name ?? t('noLabel'),
    ...(next === one.given?.class_id ? [] : [is?.name ?? t('noLabel')]),
    t(`verdict.${given.verdict}`),
  ].join(', ')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for the keys
    <div
      role="option"
      tabIndex={-1}
      id={`decide-${one.id}`}
      className={classes.tile}
      aria-selected={chosen}
      data-current={current || undefined}
      data-verdict={given.verdict}
      onClick={(event) => take(place, event.shiftKey)}
    >
      <span className="hd-hidden">{label}</span>
      <BoxedImage
        src={one.crop}
        width={one.image.width}
        height={one.image.height}
        view={one.view}
        covers={one.view}
        aspect={1}
        alt=""
        boxes={boxesOf(one, named)}
        lazy={lazy}
      />
      <VerdictMark of={given.verdict} />
      <span className={classes.line} aria-hidden>
        <span className={classes.kind}>{t(`kindShort.${one.kind}`)}</span>
        <span className={classes.change}>
          {was ? <ClassName of={was} /> : null}
          {next !== one.given?.class_id && one.kind !== 'spurious' && (
            <>
              {was && <IconArrowRight size={12} aria-hidden />}
              <ClassName of={is} />
            </>
          )}
        </span>
        <span className="hd-num hd-dim">{percent(one.score)}</span>
      </span>
      {left && <span className={classes.left}>{t(`left.${left}`)}</span>}
    </div>
  )
})

const MARKS = { accepted: IconCheck, corrected: IconPencil, rejected: IconX }

function VerdictMark({ of }: { of: Verdict }) {
  if (of === 'pending') return null
  const Icon = MARKS[of]
  return (
    <span className={classes.mark} data-verdict={of} aria-hidden>
      <Icon size={15} stroke={2.4} />
    </span>
  )
}
