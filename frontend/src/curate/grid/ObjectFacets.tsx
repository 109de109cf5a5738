import { RangeSlider } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { LETTER } from '../../ui/colours'
import { ProblemNote } from '../../ui/ProblemNote'
import { ComparisonFacet } from './ComparisonFacet'
import { type FacetLine, FacetPart } from './FacetPart'
import classes from './Facets.module.css'
import { MarkAsked } from './MarkAsked'
import { type Conditions, type ListName, type ObjectList, objectFacetsQuery, toggled } from './objects'

type Props = { list: ObjectList; ask: (conditions: Conditions) => void }

/** What there is to filter objects by. Each number is how many would be shown under all the other conditions. */
export function ObjectFacets({ list, ask }: Props) {
  const { t } = useTranslation('curate/grid')
  const { conditions } = list
  const named = useClasses(list.dataset)
  const now = useQuery({ ...objectFacetsQuery(list), placeholderData: (before) => before, retry: false })
  if (now.error) return <ProblemNote error={now.error} retry={now.refetch} />
  const line = (name: ListName, value: string | number, text: string, number: number): FacetLine => ({
    key: String(value),
    text,
    number,
    on: (conditions[name] as readonly (string | number)[]).includes(value),
    toggle: () => ask(toggled(conditions, name, value)),
  })
  const words = (name: Exclude<ListName, 'classes'>, text: (value: string) => string) =>
    now.data?.[name].map(({ value, objects }) => line(name, value, text(value), objects))
  return (
    <>
      {conditions.comparison !== null && (
        <ComparisonFacet
          list={list}
          comparison={conditions.comparison}
          lines={words('changed', (value) => t(`changed.${value}`))}
          ask={ask}
        />
      )}
      <MarkAsked list={list} ask={ask} />
      <FacetPart
        name="object classes"
        title={t('classes')}
        lines={now.data?.classes.map(({ class_id, objects }) => ({
          ...line('classes', class_id, named.get(class_id)?.name ?? '', objects),
          shown: <ClassName of={named.get(class_id)} />,
        }))}
      />
      {list.evaluation !== null && (
        <>
          <FacetPart
            name="verdicts"
            title={t('fact.verdict')}
            lines={words('verdicts', (value) => `${LETTER[value as 'tp']} ${t(`verdict.${value}`)}`)}
          />
          <FacetPart
            name="errors"
            title={t('fact.error')}
            lines={words('errors', (value) => t(`error.${value}`))}
          />
          <Range name="score" title={t('fact.score')} conditions={conditions} ask={ask} />
          <Range name="iou" title={t('fact.iou')} conditions={conditions} ask={ask} />
        </>
      )}
      <FacetPart
        name="object sizes"
        title={t('sizes')}
        lines={words('sizes', (value) => t(`sizeLine.${value}`))}
      />
      <FacetPart
        name="object provenance"
        title={t('provenance')}
        lines={words('provenances', (value) => t(`provenanceName.${value}`))}
      />
    </>
  )
}

type RangeProps = {
  name: 'score' | 'iou'
  title: string
  conditions: Conditions
  ask: (conditions: Conditions) => void
}

/** Two ends of a range from 0 to 1. An end at its limit asks nothing, so that what has no such number is shown too. */
function Range({ name, title, conditions, ask }: RangeProps) {
  const from = conditions[`${name}_from`] ?? 0
  const to = conditions[`${name}_to`] ?? conditions[`${name}_below`] ?? 1
  const [ends, setEnds] = useState<[number, number]>([from, to])
  useEffect(() => setEnds([from, to]), [from, to])
  const settle = ([low, high]: [number, number]) =>
    ask({
      ...conditions,
      [`${name}_from`]: low > 0 ? low : null,
      [`${name}_to`]: high < 1 ? high : null,
      [`${name}_below`]: null,
    })
  return (
    <div className={classes.range}>
      <p>
        {title}
        <span className="hd-num">
          {ends[0].toFixed(2)} – {ends[1].toFixed(2)}
        </span>
      </p>
      <RangeSlider
        size="xs"
        min={0}
        max={1}
        step={0.01}
        minRange={0}
        label={null}
        value={ends}
        onChange={setEnds}
        onChangeEnd={settle}
        thumbFromLabel={`${title} ≥`}
        thumbToLabel={`${title} ≤`}
      />
    </div>
  )
}
