import { useTranslation } from 'react-i18next'
import type { DatasetClass, MergeConflict, Resolution, Shape } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { ShapePicture } from './BeforeAfter'
import classes from './Merge.module.css'

type Props = {
  conflicts: MergeConflict[]
  named: Map<number, DatasetClass>
  chosen: Record<string, Resolution>
  choose: (object: number, side: Resolution) => void
}

/** Objects that were changed here and in Curate meanwhile: a person says which of the two counts. */
export function Conflicts({ conflicts, named, chosen, choose }: Props) {
  const { t } = useTranslation('label')
  const all = (side: Resolution) => {
    for (const { object_id } of conflicts) choose(object_id, side)
  }
  return (
    <section className={classes.conflicts} aria-label={t('merge.conflicts', { count: conflicts.length })}>
      <header>
        <h3>{t('merge.conflicts', { count: conflicts.length })}</h3>
        {conflicts.length > 1 && (
          <>
            <button type="button" onClick={() => all('ours')}>
              {t('merge.allOurs')}
            </button>
            <button type="button" onClick={() => all('theirs')}>
              {t('merge.allTheirs')}
            </button>
          </>
        )}
      </header>
      {conflicts.map((conflict) => (
        <fieldset key={conflict.object_id} className={classes.conflict}>
          <legend>
            {conflict.image.key} · {t(`merge.clash.${conflict.clash}`)}
          </legend>
          <Choice conflict={conflict} side="ours" {...{ named, chosen, choose }} />
          <Choice conflict={conflict} side="theirs" {...{ named, chosen, choose }} />
          {conflict.clash === 'both_added' && (
            <label className={classes.both} data-chosen={chosen[conflict.object_id] === 'both' || undefined}>
              <input
                type="radio"
                name={`conflict-${conflict.object_id}`}
                checked={chosen[conflict.object_id] === 'both'}
                onChange={() => choose(conflict.object_id, 'both')}
              />
              {t('merge.keepBoth')}
            </label>
          )}
        </fieldset>
      ))}
    </section>
  )
}

type ChoiceProps = Omit<Props, 'conflicts'> & { conflict: MergeConflict; side: 'ours' | 'theirs' }

function Choice({ conflict, side, named, chosen, choose }: ChoiceProps) {
  const { t } = useTranslation('label')
  const { image, base, ours, theirs, object_id } = conflict
  const shape: Shape | null = side === 'ours' ? ours : theirs
  const other = side === 'ours' ? theirs : ours
  return (
    <label className={classes.choice} data-chosen={chosen[object_id] === side || undefined}>
      <input
        type="radio"
        name={`conflict-${object_id}`}
        checked={chosen[object_id] === side}
        onChange={() => choose(object_id, side)}
      />
      <span className={classes.choiceName}>
        {t(`merge.${side}`)}
        {shape ? (
          <ClassName of={named.get(shape.class_id)} />
        ) : (
          <span className="hd-dim">{t('merge.noBox')}</span>
        )}
      </span>
      <ShapePicture
        image={image}
        shape={shape}
        beside={other ?? base}
        against={other}
        named={named}
        label={t(`merge.${side}`)}
      />
    </label>
  )
}
