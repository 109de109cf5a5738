import { IconArrowRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, GridSuggestion } from '../../api/types'
import { fileName } from '../../canvas/fileName'
import { useReason } from '../../dataset/suggestions/reason'
import { BoxedImage } from '../../ui/BoxedImage'
import { ClassName } from '../../ui/ClassName'
import { percent } from '../../ui/format'
import { KeyCaps } from '../../ui/KeyCaps'
import { PathLink } from '../../ui/PathLink'
import classes from './DecideGrid.module.css'
import type { Given } from './queue'
import { boxesOf, type Named } from './shapes'

type Props = {
  suggestion: GridSuggestion
  given: Given
  named: Named
  classes: DatasetClass[]
  keyOfClass: ReadonlyMap<number, string>
  choose: (classId: number) => void
}

/** The one that is looked at, larger, with its reason; and the classes that it may be instead. */
export function Looked({ suggestion: one, given, named, classes: all, keyOfClass, choose }: Props) {
  const { t } = useTranslation('label/decide')
  const reason = useReason()
  const was = one.given && named.get(one.given.class_id)
  const is = one.proposed && named.get(one.proposed.class_id)
  return (
    <aside className={classes.looked} aria-label={t('looked')}>
      <BoxedImage
        src={one.crop}
        width={one.image.width}
        height={one.image.height}
        view={one.view}
        covers={one.view}
        aspect={1}
        alt={one.image.key}
        boxes={boxesOf(one, named)}
        lazy={false}
      />
      <div className={classes.title}>
        <strong>{t(`kind.${one.kind}`)}</strong>
        <span className="hd-num hd-dim">{percent(one.score)}</span>
        {given.verdict !== 'pending' && <span className="hd-dim">{t(`verdict.${given.verdict}`)}</span>}
      </div>
      <div className={classes.change}>
        {was ? <ClassName of={was} /> : <span className="hd-faint">{t('noLabel')}</span>}
        {was !== is && (
          <>
            <IconArrowRight size={13} aria-label={t('becomes')} />
            {is ? <ClassName of={is} /> : <span className="hd-faint">{t('noLabel')}</span>}
          </>
        )}
      </div>
      <p className={classes.why}>{reason(one)}</p>
      <PathLink href={`/tasks/${one.task}`} className={classes.open}>
        {t('openImage', { name: fileName(one.image.key) })}
      </PathLink>
      <h2>{t('isClass')}</h2>
      <div className={classes.classes}>
        {all.map((each) => (
          <button
            key={each.id}
            type="button"
            tabIndex={-1}
            aria-pressed={given.verdict === 'corrected' && given.classId === each.id}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(each.id)}
          >
            <ClassName of={each} />
            {keyOfClass.has(each.id) && <KeyCaps keys={keyOfClass.get(each.id) ?? ''} />}
          </button>
        ))}
      </div>
    </aside>
  )
}

/** The whole image with the box, over the grid; keys go on as before. */
export function WholeImage({ suggestion: one, named }: { suggestion: GridSuggestion; named: Named }) {
  const { t } = useTranslation('label/decide')
  return (
    <section className={classes.whole} aria-label={t('wholeImage')}>
      <div className={classes.room}>
        <div style={{ width: `min(100cqw, 100cqh * ${one.image.width / one.image.height})` }}>
          <BoxedImage
            src={one.file}
            width={one.image.width}
            height={one.image.height}
            alt={one.image.key}
            boxes={boxesOf(one, named)}
            lettering={2}
            lazy={false}
          />
        </div>
      </div>
      <p>
        {one.image.key} · <KeyCaps keys="space" />
      </p>
    </section>
  )
}
