import { useTranslation } from 'react-i18next'
import type { Annotation, ImageDetail } from '../../api/types'
import { boxHeight, boxWidth } from '../../canvas/box'
import type { Mark } from '../../canvas/marks'
import { count } from '../../ui/format'
import { jsonFacts } from '../query/jsonFacts'
import classes from './ImagePage.module.css'

type Props = {
  marks: readonly Mark[]
  /** The labels behind the marks, in the same order; empty where marks are more than labels. */
  told: readonly Annotation[]
  /** Of the labels of the image, for what stands here where there is no box. */
  state: ImageDetail['label_state']
  hovered: string | null
  setHovered: (key: string | null) => void
}

const DASH = { solid: undefined, dashed: '3 2', dotted: '1 2' }

/** The boxes in words; the pointer on a line shows its box, the pointer on a box its line. */
export function BoxList({ marks, told, state, hovered, setHovered }: Props) {
  const { t } = useTranslation('dataset/image')
  return (
    <section className={classes.part}>
      <h2>
        {t('boxes')}
        <span className="hd-num">{count(marks.length)}</span>
      </h2>
      {marks.length === 0 && <p className={classes.none}>{t(`noBoxesBut.${state}`)}</p>}
      <ul className={classes.boxes}>
        {marks.map((mark, at) => (
          <li
            key={mark.key}
            data-hovered={hovered === mark.key || undefined}
            onPointerEnter={() => setHovered(mark.key)}
            onPointerLeave={() => setHovered(null)}
          >
            <span className={classes.swatch}>
              <svg width={12} height={10} aria-hidden="true">
                <rect
                  x={1}
                  y={1}
                  width={10}
                  height={8}
                  fill="none"
                  stroke={mark.colour}
                  strokeWidth={1.8}
                  strokeDasharray={DASH[mark.stroke]}
                />
              </svg>
              {mark.name}
            </span>
            {told[at] && <Told of={told[at]} />}
            <span className="hd-num hd-faint">
              {Math.round(boxWidth(mark.box))} × {Math.round(boxHeight(mark.box))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Who drew the box, where that was not the import, and its attributes. */
function Told({ of }: { of: Annotation }) {
  const { t } = useTranslation('dataset/image')
  const attributes = Object.entries(jsonFacts(of.attributes, 'attributes')).flatMap(([name, value]) => {
    if (value === '–' || value === 'false' || value === 'none') return []
    return value === 'true' ? [name] : [`${name}: ${value}`]
  })
  const by = of.provenance === 'imported' ? [] : [t(`provenance.${of.provenance}`)]
  const ignored = of.ignore === 'no' ? [] : [t(`ignored.${of.ignore}`)]
  const words = [...ignored, ...by, ...attributes].join(', ')
  return (
    <span className={classes.told} title={words}>
      {words}
    </span>
  )
}
