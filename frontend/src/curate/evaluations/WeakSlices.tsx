import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice, WeakSlice } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { JobProgress } from '../../jobs/JobProgress'
import { useJob } from '../../jobs/queries'
import { FormDialog } from '../../ui/FormDialog'
import { count, points, signedPoints } from '../../ui/format'
import { MadeDialog } from '../../ui/MadeDialog'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { narrowed } from './controls'
import { usePartWords } from './Parts'
import { useFindWeakSlices, useSliceOfWeak, weakSlicesQuery } from './queries'
import { useEvaluationControls } from './useControls'
import classes from './WeakSlices.module.css'

/** Groups on which the detector is worse than on the rest, each as a sentence with its interval. */
export function WeakSlices() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation } = useEvaluationControls()
  const { data, error, refetch } = useQuery(weakSlicesQuery(evaluation.id))
  const job = useJob(data?.job).data
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={120} />
  if (data.job && job) return <JobProgress job={job} />
  if (data.found === null) return <NotLooked failed={data.error} />
  if (data.found.length === 0) return <p className="hd-dim">{t('weak.none')}</p>
  const reach = Math.max(...data.found.map(({ low }) => -low))
  return (
    <ol className={classes.list}>
      {data.found.map((one) => (
        <Found key={one.place} weak={one} reach={reach} />
      ))}
    </ol>
  )
}

function NotLooked({ failed }: { failed: string | null }) {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation } = useEvaluationControls()
  const find = useFindWeakSlices(evaluation.id)
  return (
    <>
      <p className="hd-dim">{failed ? t('weak.failed', { error: failed }) : t('weak.notYet')}</p>
      {find.isError && <ProblemNote error={find.error} />}
      <Button mt={10} loading={find.isPending} onClick={() => find.mutate()}>
        {t('weak.find')}
      </Button>
    </>
  )
}

function Found({ weak, reach }: { weak: WeakSlice; reach: number }) {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set, boxes } = useEvaluationControls()
  const [making, setMaking] = useState(false)
  const may = useMay(evaluation.dataset, 'manager')
  const size = weak.facts.find(({ name }) => name === 'size')?.label ?? undefined
  const own = { conf: evaluation.conf ?? 0.05, iou: evaluation.iou }
  const asked = { verdicts: 'fn', classes: weak.class_id ?? undefined, sizes: size }
  return (
    <li className={classes.weak}>
      <Sentence weak={weak} />
      <Gap weak={weak} reach={reach} />
      <span className={classes.ways}>
        {weak.q !== null && (
          <Button component={PathLink} href={boxes(asked, own, weak.q)} size="compact-sm">
            {t('weak.open')}
          </Button>
        )}
        {weak.q && (
          <Button size="compact-sm" onClick={() => set({ q: narrowed(controls.q, weak.q ?? '') }, false)}>
            {t('weak.narrow')}
          </Button>
        )}
        {may && (
          <Button size="compact-sm" onClick={() => setMaking(true)}>
            {t('weak.make', { count: weak.images, n: count(weak.images) })}
          </Button>
        )}
      </span>
      {making && <MakeOne weak={weak} close={() => setMaking(false)} />}
    </li>
  )
}

/** How much worse with its interval, all on one scale that ends at no difference. */
function Gap({ weak: { low, high, difference }, reach }: { weak: WeakSlice; reach: number }) {
  const at = (value: number) => 100 + (value / reach) * 96
  return (
    <svg className={classes.gap} viewBox="0 0 104 12" preserveAspectRatio="none" aria-hidden="true">
      <line x1={100} x2={100} y1={0} y2={12} className={classes.zero} />
      <line x1={at(low)} x2={at(Math.min(high, 0.04 * reach))} y1={6} y2={6} className={classes.interval} />
      <line x1={at(difference)} x2={at(difference)} y1={2} y2={10} className={classes.point} />
    </svg>
  )
}

/** "Recall of rider is 41.2 where timeofday is night, against 67.0 elsewhere". */
function Sentence({ weak }: { weak: WeakSlice }) {
  const { t } = useTranslation('curate/evaluations')
  const where = useWhere(weak)
  const { evaluation } = useEvaluationControls()
  const known = useClasses(evaluation.dataset)
  const of = weak.class_id === null ? undefined : known.get(weak.class_id)?.name
  const measure = t(`weak.measure.${weak.measure}`)
  return (
    <p className={classes.sentence}>
      {t(of ? 'weak.sentenceClass' : 'weak.sentence', {
        measure,
        of,
        where,
        value: points(weak.value),
        rest: points(weak.rest),
      })}{' '}
      <span className="hd-num hd-dim">
        {signedPoints(weak.difference)} [{signedPoints(weak.low)}, {signedPoints(weak.high)}]{' · '}
        {t('weak.support', { boxes: count(weak.boxes), images: count(weak.images) })}
      </span>
    </p>
  )
}

function useWhere(weak: WeakSlice): string {
  const { t } = useTranslation('curate/evaluations')
  const words = usePartWords()
  return weak.facts
    .map((fact) => {
      if (fact.name === 'size') return t(`weak.size.${fact.label}`)
      return t('weak.fact', { name: words.field(fact.name), value: words.part(fact, fact.name) })
    })
    .join(t('weak.and'))
}

function MakeOne({ weak, close }: { weak: WeakSlice; close: () => void }) {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation } = useEvaluationControls()
  const make = useSliceOfWeak(evaluation)
  const [name, setName] = useState(useWhere(weak))
  if (make.data) return <Made slice={make.data} close={close} />
  return (
    <FormDialog
      title={t('weak.makeTitle', { count: weak.images, n: count(weak.images) })}
      verb={t('weak.makeVerb')}
      ready={name.trim() !== ''}
      pending={make.isPending}
      problem={make.error}
      send={() => make.mutate({ place: weak.place, name: name.trim() })}
      close={close}
    >
      <TextInput
        label={t('weak.name')}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}

function Made({ slice, close }: { slice: Slice; close: () => void }) {
  const { t } = useTranslation('curate/evaluations')
  return (
    <MadeDialog
      title={t('weak.made')}
      to={`/datasets/${slice.dataset}/slices/${slice.id}`}
      open={t('weak.openSlice')}
      close={close}
    >
      {t('weak.madeWhat', { name: slice.name, n: count(slice.image_count) })}
    </MadeDialog>
  )
}
