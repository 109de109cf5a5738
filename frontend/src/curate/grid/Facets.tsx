import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Facets as Counts } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import {
  classClause,
  type FacetValue,
  hasCondition,
  hasValue,
  LABEL_STATE_CLAUSES,
  provenanceClause,
  SIZE_CLAUSES,
  sliceClause,
  tagClause,
  toggleCondition,
  toggleValue,
} from '../../dataset/query/queryText'
import { ClassName } from '../../ui/ClassName'
import { ProblemNote } from '../../ui/ProblemNote'
import { type FacetLine, FacetPart } from './FacetPart'
import { boxFacetsQuery, type Filter, facetsQuery } from './queries'

type Props = { filter: Filter; apply: (q: string) => void }

/**
 * What there is to filter images by, with how many images of the present list have it. A click edits the query line,
 * nothing else. The values are those of the whole dataset, so that the list does not jump under the pointer.
 */
export function ImageFacets({ filter, apply, boxes }: Props & { boxes: boolean }) {
  const { t } = useTranslation('curate/grid')
  const { dataset, q } = filter
  const named = useClasses(dataset)
  const whole = useQuery(facetsQuery({ dataset, q: '', evaluation: null }))
  const now = useQuery({ ...facetsQuery(filter), placeholderData: (before) => before, retry: false })
  if (whole.error) return <ProblemNote error={whole.error} retry={whole.refetch} />
  const left = now.data ?? whole.data
  const byClause = (key: string, text: string, clause: string, number: number | undefined): FacetLine => ({
    key,
    text,
    number: number ?? 0,
    on: hasCondition(q, clause),
    toggle: () => apply(toggleCondition(q, clause)),
  })
  const classes = whole.data?.classes.map(({ class_id }) => {
    const of = named.get(class_id)
    const images = left?.classes.find((one) => one.class_id === class_id)?.images
    const line = byClause(String(class_id), of?.name ?? '', classClause(of?.name ?? ''), images)
    return { ...line, shown: <ClassName of={of} /> }
  })
  const states = whole.data?.label_states.map(({ label_state }) =>
    byClause(
      label_state,
      t(`labelState.${label_state}`),
      LABEL_STATE_CLAUSES[label_state],
      left?.label_states.find((one) => one.label_state === label_state)?.images,
    ),
  )
  const slices = whole.data?.slices.map(({ id, name }) =>
    byClause(String(id), name, sliceClause(name), left?.slices.find((one) => one.id === id)?.images),
  )
  const tags = whole.data?.tags.map(({ id, name }) =>
    byClause(String(id), name, tagClause(name), left?.tags.find((one) => one.id === id)?.images),
  )
  return (
    <>
      {boxes && <FacetPart name="classes" title={t('classes')} lines={classes} />}
      {boxes && <FacetPart name="labels" title={t('labels')} lines={states} />}
      {boxes && <BoxFacets filter={filter} apply={apply} />}
      {whole.data?.metadata.map(({ key, values }) => (
        <FacetPart
          key={key}
          name={`metadata ${key}`}
          title={key}
          lines={values.map(({ value }) => ({
            key: String(value),
            text: String(value),
            number: imagesOf(left, key, value),
            on: hasValue(q, key, value),
            toggle: () => apply(toggleValue(q, key, value)),
          }))}
        />
      ))}
      <FacetPart name="tags" title={t('tags')} lines={tags} />
      <FacetPart name="slices" title={t('slices')} lines={slices} />
    </>
  )
}

function imagesOf(left: Counts | undefined, key: string, value: FacetValue): number {
  return left?.metadata.find((one) => one.key === key)?.values.find((one) => one.value === value)?.images ?? 0
}

/** Sizes and provenance of the images' boxes: their own call, since it reads every box. */
function BoxFacets({ filter, apply }: Props) {
  const { t } = useTranslation('curate/grid')
  const now = useQuery({ ...boxFacetsQuery(filter), placeholderData: (before) => before, retry: false })
  const line = (value: string, text: string, clause: string, number: number): FacetLine => ({
    key: value,
    text,
    number,
    on: hasCondition(filter.q, clause),
    toggle: () => apply(toggleCondition(filter.q, clause)),
  })
  return (
    <>
      <FacetPart
        name="sizes"
        title={t('sizes')}
        lines={now.data?.sizes.map(({ value, images }) =>
          line(value, t(`sizeLine.${value}`), SIZE_CLAUSES[value] ?? '', images),
        )}
      />
      <FacetPart
        name="provenance"
        title={t('provenance')}
        lines={now.data?.provenances.map(({ value, images }) =>
          line(value, t(`provenanceName.${value}`), provenanceClause(value), images),
        )}
      />
    </>
  )
}
