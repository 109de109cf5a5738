import { useTranslation } from 'react-i18next'
import type { Agreement, Alpha } from '../../api/types'
import { count, number } from '../../ui/format'
import classes from './Quality.module.css'

/** How far people agree: alpha of classes, alpha with missing boxes, and overlap. */
export function AgreementFigures({ of }: { of: Agreement }) {
  const { t } = useTranslation('label/quality')
  if (of.tasks === 0) return null
  return (
    <>
      <p className={classes.small}>
        {t('agreement.over', { count: of.tasks, objects: count(of.objects_seen) })}
      </p>
      <dl className={classes.figures}>
        <div>
          <dt>{t('agreement.classes')}</dt>
          <dd>
            <AlphaFigure of={of.classes} />
            <small>{t('agreement.classesHow')}</small>
          </dd>
        </div>
        <div>
          <dt>{t('agreement.objects')}</dt>
          <dd>
            <AlphaFigure of={of.objects} />
            <small>{t('agreement.objectsHow')}</small>
          </dd>
        </div>
        <div>
          <dt>{t('agreement.overlap')}</dt>
          <dd>
            <span className="hd-num">{number(of.overlap)}</span>
            <small>{t('agreement.overlapHow')}</small>
          </dd>
        </div>
      </dl>
    </>
  )
}

const two = (value: number): string => value.toFixed(2)

function AlphaFigure({ of }: { of: Alpha | null }) {
  if (!of) return <span className="hd-faint">–</span>
  const known = of.low !== null && of.high !== null
  return (
    <span className="hd-num">
      {two(of.value)}
      {known && <span className={classes.small}>{` [${two(of.low ?? 0)}, ${two(of.high ?? 0)}]`}</span>}
    </span>
  )
}
