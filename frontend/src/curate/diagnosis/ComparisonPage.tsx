import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison, FinishedComparison } from '../../api/types'
import { Crumb } from '../../frame/Crumb'
import { Page } from '../../frame/Page'
import { Delta, Figure } from '../../ui/Figure'
import { count, signedPoints } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { ClassDifferences } from './ClassDifferences'
import classes from './ComparisonPage.module.css'
import { DifferencePlot } from './DifferencePlot'
import { gridAddress } from './drill'
import { Inputs } from './Inputs'
import { Pending } from './Pending'
import { comparisonQuery, useStartComparison } from './queries'
import { sideName } from './sides'
import { TwoByTwo } from './TwoByTwo'

const route = getRouteApi('/framed/comparisons/$comparisonId')

/** Two evaluations side by side: is the later one better, by how much at least, and where. */
export function ComparisonPage() {
  const { t } = useTranslation('curate/diagnosis')
  const id = Number(route.useParams().comparisonId)
  const { data: comparison, error, refetch } = useQuery(comparisonQuery(id))
  const dataset = comparison?.a.dataset
  return (
    <Page
      title={comparison ? `${sideName(comparison.b)} − ${sideName(comparison.a)}` : '…'}
      dataset={dataset}
      padded
      crumbs={dataset && <Crumb label={t('tabs.evaluations')} to={`/curate/${dataset}/evaluations`} />}
      tabs={
        comparison &&
        isFinished(comparison) && (
          <span className="hd-dim">{t('sameImages', { n: count(comparison.images) })}</span>
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
  const { t } = useTranslation('curate/diagnosis')
  return (
    <>
      <Verdict comparison={comparison} />
      <div className={classes.parts}>
        <Section title={t('byClass')} note={t('byClassNote')}>
          <ClassDifferences comparison={comparison} />
        </Section>
        <div className={classes.column}>
          <Section title={t('changedBoxes')} note={t('changedBoxesNote')}>
            <Changed comparison={comparison} />
          </Section>
          {comparison.table && (
            <Section title={t('twoByTwo')} note={t('twoByTwoNote')}>
              <TwoByTwo table={comparison.table} />
            </Section>
          )}
          <Section title={t('earlier')}>
            <Inputs evaluation={comparison.a} />
          </Section>
          <Section title={t('later')}>
            <Inputs evaluation={comparison.b} />
          </Section>
        </div>
      </div>
    </>
  )
}

/** The difference in one line, drawn against zero, and what this set of images could have shown at all. */
function Verdict({ comparison }: { comparison: FinishedComparison }) {
  const { t } = useTranslation('curate/diagnosis')
  const { a, b, delta, smallest_detectable: smallest } = comparison
  return (
    <div className={classes.verdict}>
      <div className={classes.sides}>
        <Side name={sideName(a)} id={a.id} word={t('earlier')}>
          <Figure value={a.figures?.AP} interval={a.interval} />
        </Side>
        <Side name={sideName(b)} id={b.id} word={t('later')}>
          <Figure value={b.figures?.AP} interval={b.interval} />
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
        {smallest !== null && t('smallest', { points: signedPoints(smallest).replace('+', '') })}
      </p>
    </div>
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

function Changed({ comparison }: { comparison: FinishedComparison }) {
  const { t } = useTranslation('curate/diagnosis')
  const { fixed, broken, b } = comparison
  return (
    <div className={classes.changed}>
      <PathLink href={gridAddress(b.dataset, fixed.q, b.id)} data-verdict="tp">
        <strong className="hd-num">{count(fixed.boxes)}</strong> {t('fixed')}
      </PathLink>
      <PathLink href={gridAddress(b.dataset, broken.q, b.id)} data-verdict="fn">
        <strong className="hd-num">{count(broken.boxes)}</strong> {t('broken')}
      </PathLink>
    </div>
  )
}
