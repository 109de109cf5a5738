import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, Suggestion, Verdict } from '../../api/types'
import { useReason } from '../../dataset/suggestions/reason'
import { BoxedImage, type DrawnBox } from '../../ui/BoxedImage'
import { ClassName } from '../../ui/ClassName'
import { ON_IMAGE } from '../../ui/colours'
import { percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Mislabels.module.css'
import { viewOf } from './view'

const ASPECT = 0.72
const LARGEST = 640

type Props = {
  suggestion: Suggestion
  dataset: number
  classes: Map<number, DatasetClass>
  current: boolean
  onFocus: () => void
  give: (verdict: Verdict) => void
}

/** A doubtful label with its surroundings: what is labelled (solid), what is proposed (dotted), and why. */
export function SuggestionCard({ suggestion: one, dataset, classes: known, current, onFocus, give }: Props) {
  const { t } = useTranslation('curate/autocurate')
  const reason = useReason()
  const given = one.given && known.get(one.given.class_id)
  const proposed = one.proposed && known.get(one.proposed.class_id)
  return (
    <li
      className={classes.card}
      data-current={current || undefined}
      data-verdict={one.verdict}
      tabIndex={current ? 0 : -1}
      onFocus={onFocus}
    >
      <PathLink href={`/datasets/${dataset}/images/${one.image.id}`} aria-label={one.image.key} tabIndex={-1}>
        <BoxedImage
          src={one.image.thumb.replace(/size=\d+/, `size=${LARGEST}`)}
          width={one.image.width}
          height={one.image.height}
          view={viewOf(one, ASPECT)}
          aspect={ASPECT}
          alt={one.image.key}
          boxes={boxesOf(one, given?.colour)}
        />
      </PathLink>
      <div className={classes.head}>
        <span className={classes.kind}>{t(`suggestionKind.${one.kind}`)}</span>
        <span className={`${classes.score} hd-num`}>{percent(one.score)}</span>
      </div>
      <div className={classes.change}>
        {given ? <ClassName of={given} /> : <span className="hd-faint">{t('noLabel')}</span>}
        {(proposed?.id !== given?.id || !given || !proposed) && (
          <>
            <IconArrowRight size={13} aria-label={t('becomes')} />
            {proposed ? <ClassName of={proposed} /> : <span className="hd-faint">{t('noLabel')}</span>}
          </>
        )}
      </div>
      <p className={classes.why}>{reason(one)}</p>
      <div className={classes.verdicts}>
        {one.verdict === 'pending' ? (
          <>
            <Button size="compact-xs" tabIndex={-1} onClick={() => give('accepted')}>
              {t('accept')}
            </Button>
            <Button size="compact-xs" tabIndex={-1} onClick={() => give('rejected')}>
              {t('reject')}
            </Button>
          </>
        ) : (
          <>
            <span className="hd-dim">{t(`verdict.${one.verdict}`)}</span>
            <Button size="compact-xs" variant="subtle" tabIndex={-1} onClick={() => give('pending')}>
              {t('takeBack')}
            </Button>
          </>
        )}
      </div>
    </li>
  )
}

function boxesOf(one: Suggestion, colour: string | undefined): DrawnBox[] {
  const boxes: DrawnBox[] = []
  if (one.given) boxes.push({ key: 'given', box: one.given.box, colour: colour ?? '#ffffff', line: 'solid' })
  const moved = one.proposed && one.proposed.box.join() !== one.given?.box.join()
  if (one.proposed && moved)
    boxes.push({ key: 'proposed', box: one.proposed.box, colour: ON_IMAGE.suggestion, line: 'dotted' })
  return boxes
}
