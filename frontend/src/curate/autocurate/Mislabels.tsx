import { Button, SegmentedControl, Select, Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, SuggestionKind, Verdict } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { count, percent, points } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Mislabels.module.css'
import { useRankAnew } from './queries'
import { Review } from './Review'
import { SelfTest } from './SelfTest'
import { Suggestions } from './Suggestions'
import { ValidationLabels } from './ValidationLabels'

const KINDS: SuggestionKind[] = ['wrong_class', 'missing', 'spurious', 'badly_drawn']

type Report = {
  by_kind: Record<SuggestionKind, number>
  suggestions: number
  images: number
  looked_at: { images: number; boxes: number }
  out_of_fold: { folds: number; AP: number | null; AP50: number | null }
  expected_precision: number | null
  weak_judge?: boolean
  rejected_before?: number
}

/** The labels that are probably wrong, the most certain first, each with its reason; verdicts give the precision so far. */
export function Mislabels({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const [kind, setKind] = useState<SuggestionKind | 'all'>('all')
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [first, setFirst] = useState(false)
  const rankAnew = useRankAnew(run.id)
  const report = run.report as unknown as Report
  return (
    <>
      <ValidationLabels run={run} />
      <Summary run={run} report={report} />
      {report.weak_judge && <p className={classes.weak}>{t('weakJudges')}</p>}
      <Review run={run} />
      <SelfTest run={run} />
      <div className={classes.filters}>
        <SegmentedControl
          aria-label={t('filterKind')}
          value={kind}
          onChange={(value) => setKind(value as SuggestionKind | 'all')}
          data={[
            { value: 'all', label: `${t('all')} ${count(report.suggestions)}` },
            ...KINDS.map((one) => ({
              value: one,
              label: `${t(`suggestionKind.${one}`)} ${count(report.by_kind[one] ?? 0)}`,
            })),
          ]}
        />
        <Select
          aria-label={t('filterVerdict')}
          placeholder={t('anyVerdict')}
          clearable
          w={150}
          data={(['pending', 'accepted', 'corrected', 'rejected'] as const).map((one) => ({
            value: one,
            label: t(`verdict.${one}`),
          }))}
          value={verdict}
          onChange={(value) => setVerdict(value as Verdict | null)}
        />
        <Switch
          label={t('onlyFirst')}
          checked={first}
          onChange={(event) => setFirst(event.currentTarget.checked)}
        />
        <Button variant="subtle" onClick={() => void rankAnew()}>
          {t('rankAnew')}
        </Button>
      </div>
      <p className="hd-dim">{t('verdictOnly')}</p>
      <Suggestions
        run={run}
        filter={{
          kind: kind === 'all' ? undefined : kind,
          verdict: verdict ?? undefined,
          first: first || undefined,
        }}
      />
    </>
  )
}

function Summary({ run, report }: { run: AutoCurateDetail; report: Report }) {
  const { t } = useTranslation('curate/autocurate')
  const soFar = run.precision.find(({ kind }) => kind === null)
  const doubtful = () =>
    [
      t('suggestionsIn', { n: count(report.suggestions), images: count(report.images) }),
      report.rejected_before ? t('rejectedBefore', { n: count(report.rejected_before) }) : '',
    ].join(' ')
  return (
    <div className={classes.summary}>
      <Facts
        of={{
          [t('after')]: run.params.after ? (
            <PathLink href={`/curate/${run.dataset}/auto/${run.params.after}`}>{t('afterWhat')}</PathLink>
          ) : null,
          [t('lookedAt')]: t('imagesAndBoxes', {
            images: count(report.looked_at.images),
            boxes: count(report.looked_at.boxes),
          }),
          [t('judges')]: t('judgesWhat', {
            folds: report.out_of_fold.folds,
            ap: points(report.out_of_fold.AP),
            ap50: points(report.out_of_fold.AP50),
          }),
          [t('doubtful')]: doubtful(),
        }}
      />
      <Facts
        of={{
          [t('expected')]: report.expected_precision === null ? '–' : percent(report.expected_precision),
          [t('soFar')]:
            soFar?.precision == null
              ? t('nothingDecided')
              : t('precisionOf', {
                  share: percent(soFar.precision),
                  low: percent(soFar.interval?.low ?? 0),
                  high: percent(soFar.interval?.high ?? 1),
                  n: count(soFar.decided),
                }),
          [t('open')]: soFar && count(soFar.pending),
        }}
      />
    </div>
  )
}
