import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { ClassName } from '../../ui/ClassName'
import { Facts } from '../../ui/Facts'
import { count, percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { useForgetSources } from './queries'
import classes from './SplitReport.module.css'

type Split = {
  sides: { name: string; images: number; boxes: number }[]
  classes: { class_id: number; boxes: number[]; share: (number | null)[] }[]
  strata: { key: string; values: { value: string | number | null; images: number[] }[] }[]
  leakage: {
    sequences_across: number
    near_duplicates_across: number
    hash_bits: number
    hash_bits_asked: number
    copies?: number
    copies_across?: number
    images_copied_across?: number[]
    by_sight?: boolean
    not_looked_at?: number
    with_embedding?: number
  }
  sources?: { named: number; sources: number; across: number; newly_kept: number }
  groups: number
  largest_group: number
}

/** The next step: a training on the first side, judged on the second. */
export function TrainOnSplit({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const { sides } = run.report as unknown as Split
  const [train, validation] = sides.map((side) => run.slices.find(({ name }) => name === side.name)?.id)
  if (!train || !validation) return null
  return (
    <Button
      variant="filled"
      component={PathLink}
      href={`/model/${run.dataset}/new?slice=${train}&validation=${validation}`}
    >
      {t('trainOnSplit')}
    </Button>
  )
}

/** How even the two sides are, and what is left that leaks between them. */
export function SplitReport({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const known = useClasses(run.dataset)
  const report = run.report as unknown as Split
  const images = report.sides.map((side) => side.images)
  const all = images.reduce((sum, n) => sum + n, 0)
  return (
    <div className={classes.parts}>
      <div>
        <Section title={t('sides')}>
          <div className={classes.sides}>
            {report.sides.map((side, at) => {
              const slice = run.slices.find(({ name }) => name === side.name)
              return (
                <div key={side.name} data-side={at}>
                  {slice ? (
                    <PathLink href={`/datasets/${run.dataset}/slices/${slice.id}`}>{side.name}</PathLink>
                  ) : (
                    side.name
                  )}
                  <strong className="hd-num">{count(side.images)}</strong>
                  <span className="hd-dim">
                    {t('imagesShare', { share: percent(side.images / all, 1) })} ·{' '}
                    {t('boxesN', { n: count(side.boxes) })}
                  </span>
                </div>
              )
            })}
          </div>
        </Section>
        <Section title={t('leakage')} note={t('leakageNote')}>
          <Facts
            of={{
              [t('sequencesAcross')]: count(report.leakage.sequences_across),
              [t('duplicatesAcross')]: t('withinBits', {
                n: count(report.leakage.near_duplicates_across),
                bits: report.leakage.hash_bits,
              }),
              [t('copiesAcross')]: copiesAcross(report.leakage, t),
              [t('notLookedAt')]: !!report.leakage.not_looked_at && count(report.leakage.not_looked_at),
              [t('sourcesAcross')]: report.sources && sourcesAcross(report.sources, t),
              [t('groups')]: t('groupsOf', {
                n: count(report.groups),
                largest: count(report.largest_group),
              }),
            }}
          />
          {!!report.sources?.newly_kept && (
            <KeptSources dataset={run.dataset} images={report.sources.newly_kept} />
          )}
        </Section>
      </div>
      <div>
        <Section title={t('classShares')} note={t('classSharesNote')}>
          <Shares
            rows={report.classes
              .filter(({ boxes }) => boxes.some((n) => n > 0))
              .sort((x, y) => sum(y.boxes) - sum(x.boxes))
              .map((row) => ({
                key: row.class_id,
                label: <ClassName of={known.get(row.class_id)} />,
                shares: row.share.map((share) => share ?? 0),
                counts: row.boxes,
              }))}
          />
        </Section>
        {report.strata.map(({ key, values }) => (
          <Section key={key} title={key}>
            <Shares
              rows={values.map((one) => ({
                key: String(one.value),
                label: one.value === null ? t('noValue') : String(one.value),
                shares: one.images.map((n, side) => (images[side] ? n / images[side]! : 0)),
                counts: one.images,
              }))}
            />
          </Section>
        ))}
      </div>
    </div>
  )
}

type Words = TFunction<'curate/autocurate'>

/** Pairs by sight on both sides; that nobody looked is said as such. */
function copiesAcross(leakage: Split['leakage'], t: Words): string | undefined {
  if (leakage.by_sight === undefined) return undefined
  if (!leakage.by_sight) return t('notAsked')
  return t('copiesOf', { n: count(leakage.copies_across ?? 0), of: count(leakage.copies ?? 0) })
}

function sourcesAcross({ named, sources, across }: NonNullable<Split['sources']>, t: Words): string {
  return named === 0
    ? t('together.noneFound')
    : t('sourcesOf', { n: count(across), of: count(sources), images: count(named) })
}

/** That sequences were set by the names, with the way back. */
function KeptSources({ dataset, images }: { dataset: number; images: number }) {
  const { t } = useTranslation('curate/autocurate')
  const may = useMay(dataset, 'manager')
  const forget = useForgetSources(dataset)
  const forgotten = forget.isSuccess && forget.variables === false
  return (
    <p className="hd-dim">
      {t('sourcesKept', { count: images, n: count(images) })}{' '}
      {may && (
        <Button size="compact-xs" loading={forget.isPending} onClick={() => forget.mutate(forgotten)}>
          {t(forgotten ? 'sourcesKeepAgain' : 'sourcesForget')}
        </Button>
      )}
      {forget.error ? <ProblemNote error={forget.error} /> : null}
    </p>
  )
}

const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0)
type Row = { key: string | number; label: ReactNode; shares: number[]; counts: number[] }

/** Shares of both sides one above the other, so that unevenness is seen. */
function Shares({ rows }: { rows: Row[] }) {
  const longest = Math.max(1e-9, ...rows.flatMap(({ shares }) => shares))
  return (
    <ul className={classes.shares}>
      {rows.map((row) => (
        <li key={row.key}>
          <span className={classes.label}>{row.label}</span>
          <span className={classes.bars}>
            {row.shares.map((share, side) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the sides are two, in their order
              <span key={side} data-side={side} style={{ width: `${(share / longest) * 100}%` }} />
            ))}
          </span>
          <span className={classes.figures}>
            {row.shares.map((share, side) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the sides are two, in their order
              <span key={side}>
                {percent(share, 1)} <span className="hd-faint">{count(row.counts[side] ?? 0)}</span>
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
