import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison, FinishedComparison } from '../../api/types'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { Delta, Figure } from '../../ui/Figure'
import { count, number, points, signedPoints } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { toastProblem } from '../../ui/toast'
import { Inputs } from '../evaluations/Inputs'
import { Pending } from '../evaluations/Pending'
import { comparisonQuery, useStartComparison } from '../evaluations/queries'
import { ReportMenu } from '../reports/ReportMenu'
import { Changed, ChangedByClass } from './Changed'
import { ClassDifferences } from './ClassDifferences'
import classes from './ComparisonPage.module.css'
import { ConfusionDifference } from './ConfusionDifference'
import { DifferencePlot } from './DifferencePlot'
import { ErrorDifferences } from './ErrorDifferences'
import { type CurveAddress, type Side as CurveSide, OverlaidCurves } from './OverlaidCurves'
import { comparisonsAddress } from './of'
import { Strip } from './Strip'
import { sideName } from './sides'
import { TwoByTwo } from './TwoByTwo'

const route = getRouteApi('/framed/comparisons/$comparisonId')

/** Two evaluations side by side: is the later one better, by how much at least, and where. */
export function ComparisonPage() {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const id = Number(route.useParams().comparisonId)
  const { data: comparison, error, refetch } = useQuery(comparisonQuery(id))
  const dataset = comparison?.a.dataset
  return (
    <Page
      title={comparison ? `${sideName(comparison.b)} − ${sideName(comparison.a)}` : '…'}
      dataset={dataset}
      padded
      crumbs={
        dataset && (
          <Crumb label={t('curate/evaluations:tabs.evaluations')} to={`/curate/${dataset}/evaluations`} />
        )
      }
      tabs={
        comparison &&
        isFinished(comparison) && (
          <span className="hd-dim">{t('sameImages', { n: count(comparison.images) })}</span>
        )
      }
      actions={
        comparison && (
          <>
            {isFinished(comparison) && <ReportMenu of="comparisons" id={id} />}
            <Button component={PathLink} href={comparisonsAddress([comparison.a.id, comparison.b.id])}>
              {t('compare.withMore')}
            </Button>
          </>
        )
      }
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {comparison &&
        (isFinished(comparison) ? <Body comparison={comparison} /> : <Waiting of={comparison} />)}
    </Page>
  )
}

function isFinished(comparison: Comparison): comparison is FinishedComparison {
  return comparison.delta !== null
}

function Waiting({ of }: { of: Comparison }) {
  const start = useStartComparison(of.a.dataset)
  return <Pending state={of.state} job={of.job} again={() => start.mutate({ a: of.a.id, b: of.b.id })} />
}

function Body({ comparison }: { comparison: FinishedComparison }) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const { changes, table } = comparison
  return (
    <>
      <Verdict comparison={comparison} />
      {!changes && <Older of={comparison} />}
      <div className={classes.parts}>
        <div className={classes.column}>
          {table && (
            <Section title={t('twoByTwo')} note={t('twoByTwoNote')}>
              <TwoByTwo table={table} />
            </Section>
          )}
          <Section title={t('byClass')} note={t('byClassNote')}>
            <ClassDifferences comparison={comparison} />
          </Section>
        </div>
        <div className={classes.column}>
          {changes && (
            <Section title={t('compare.changed')} note={t('compare.changedNote')}>
              <Changed comparison={comparison} changes={changes} />
            </Section>
          )}
        </div>
      </div>
      {changes && (
        <Section title={t('compare.largest')} note={t('compare.largestNote')}>
          <Strip comparison={comparison} changes={changes} />
        </Section>
      )}
      <Curves comparison={comparison} />
      {changes && (
        <div className={classes.pair}>
          <Section title={t('compare.confusion')} note={t('compare.confusionNote')}>
            <ConfusionDifference comparison={comparison} confusion={changes.confusion} />
          </Section>
          <div className={classes.column}>
            <Section title={t('compare.errors')} note={t('compare.errorsNote')}>
              <ErrorDifferences comparison={comparison} errors={changes.errors} />
            </Section>
            <Section title={t('compare.changedByClass')}>
              <ChangedByClass comparison={comparison} changes={changes} />
            </Section>
          </div>
        </div>
      )}
      <div className={classes.inputs}>
        <Section title={t('earlier')}>
          <Inputs evaluation={comparison.a} />
        </Section>
        <Section title={t('later')}>
          <Inputs evaluation={comparison.b} />
        </Section>
      </div>
    </>
  )
}

/** One that an earlier version made lacks what changed from box to box. */
function Older({ of }: { of: Comparison }) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const start = useStartComparison(of.dataset)
  const again = () => start.mutate({ a: of.a.id, b: of.b.id }, { onError: toastProblem })
  return (
    <Alert
      color="yellow"
      variant="outline"
      mt={16}
      icon={<IconAlertTriangle size={18} />}
      title={t('compare.older')}
    >
      {t('compare.olderWhat')}{' '}
      <Button size="compact-xs" loading={start.isPending} onClick={again}>
        {t('curate/evaluations:again')}
      </Button>
    </Alert>
  )
}

const LATER = '#4e9af1'
const EARLIER = '#9a9a96'

/** The curves of the two over each other: the earlier dashed, the later solid, classes in their colours. */
function Curves({ comparison: { a: asked, b, pair } }: { comparison: FinishedComparison }) {
  // Where the earlier was judged on other labels, its curves are those on the later's.
  const a = pair.a === asked.id ? asked : { ...asked, id: pair.a, revision: b.revision, iou: b.iou }
  const address = route.useSearch() as CurveAddress
  const navigate = useNavigate()
  // biome-ignore lint/correctness/useExhaustiveDependencies: finished evaluations never change
  const sides = useMemo<CurveSide[]>(
    () => [
      { evaluation: a, look: { name: sideName(a), colour: EARLIER, dashed: true } },
      { evaluation: b, look: { name: sideName(b), colour: LATER, dashed: false } },
    ],
    [a.id, b.id],
  )
  const set = (part: object) =>
    void navigate({
      to: '.',
      search: ((was: object) => ({ ...was, ...part })) as never,
      replace: true,
      resetScroll: false,
    })
  return (
    <div className={classes.curves}>
      <OverlaidCurves {...{ sides, address, set }} />
    </div>
  )
}

/** The difference in one line, drawn against zero, and what this set of images could have shown at all. */
function Verdict({ comparison }: { comparison: FinishedComparison }) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const { a, b, delta, smallest_detectable: smallest } = comparison
  return (
    <div className={classes.verdict}>
      <div className={classes.sides}>
        <Side name={sideName(a)} id={a.id} word={t('earlier')}>
          <Compared own={a.figures?.AP} interval={a.interval} here={delta.mAP.a} />
        </Side>
        <Side name={sideName(b)} id={b.id} word={t('later')}>
          <Compared own={b.figures?.AP} interval={b.interval} here={delta.mAP.b} />
        </Side>
        <div className={classes.delta}>
          <span className="hd-dim">Δ mAP</span>
          <Delta {...delta.mAP} />
        </div>
        <div className={classes.delta}>
          <span className="hd-dim">Δ mAP50</span>
          <Delta {...delta.mAP50} />
        </div>
      </div>
      <DifferencePlot rows={[{ key: 'mAP', label: 'mAP', ...delta.mAP }]} smallest={smallest} />
      <p className={classes.sentence}>
        {t(`sentence.${delta.mAP.verdict}`)}{' '}
        {smallest !== null && t('smallest', { points: signedPoints(smallest).replace('+', '') })}{' '}
        {a.conf !== null &&
          b.conf !== null &&
          t('compare.points', { a: number(a.conf, 2), b: number(b.conf, 2) })}
      </p>
    </div>
  )
}

type ComparedProps = {
  own: number | null | undefined
  interval: Comparison['a']['interval']
  here: number | null
}

/** mAP as it went into the difference: the evaluation's own, or another where labels or images are not its own. */
function Compared({ own, interval, here }: ComparedProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  if (here === null || Math.abs((own ?? 0) - here) < 1e-5) return <Figure value={own} interval={interval} />
  return (
    <>
      <Figure value={here} /> <span className={classes.own}>{t('compare.own', { points: points(own) })}</span>
    </>
  )
}

function Side({ name, id, word, children }: { name: string; id: number; word: string; children: ReactNode }) {
  return (
    <div className={classes.side}>
      <span className="hd-dim">{word}</span>
      <PathLink href={`/evaluations/${id}`}>{name}</PathLink>
      <span>{children}</span>
    </div>
  )
}
