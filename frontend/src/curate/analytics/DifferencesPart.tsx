import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type CSSProperties, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Differences, Finding } from '../../api/types'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './Analytics.module.css'
import { useFieldWords } from './fieldWords'
import { factOf, figureOf, pairOf } from './findings'
import { differencesQuery } from './queries'
import { useOpen, useShown } from './useSides'

const FIRST = 8

/** What differs between two sets of images by more than chance, the most surprising first, in sentences. */
export function DifferencesPart({ vs }: { vs: string }) {
  const { t } = useTranslation('curate/analytics')
  const { filters, names } = useShown()
  const first = filters[0] as NonNullable<(typeof filters)[0]>
  const { data, error, refetch } = useQuery(differencesQuery(first, vs))
  return (
    <section className={classes.differences} aria-label={t('differences.title')}>
      <header>
        <h2>{t('differences.title')}</h2>
        {names.map((name, side) => (
          <span key={name} className={classes.sideName} title={name}>
            <i data-side={side} />
            {name}
            {data && <b>{count(side ? data.second_images : data.first_images)}</b>}
          </span>
        ))}
      </header>
      {error ? (
        <ProblemNote error={error} retry={() => void refetch()} />
      ) : data ? (
        <Found found={data} />
      ) : (
        <Skeleton height={FIRST * 30} />
      )}
    </section>
  )
}

function Found({ found }: { found: Differences }) {
  const { t } = useTranslation('curate/analytics')
  const [all, setAll] = useState(false)
  const shown = all ? found.findings : found.findings.slice(0, FIRST)
  const more = found.findings.length - shown.length
  return (
    <>
      {found.findings.length === 0 && <p className={classes.nothing}>{t(nothingWhy(found))}</p>}
      <ol className={classes.findings}>
        {shown.map((one) => (
          <Line key={`${one.kind} ${one.name} ${one.label}`} finding={one} />
        ))}
      </ol>
      {more > 0 && (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          {t('differences.more', { count: more, n: count(more) })}
        </button>
      )}
      {found.tested > 0 && <p className={classes.method}>{methodWords(found, t)}</p>}
    </>
  )
}

function nothingWhy({ first_images, second_images, tested, units }: Differences) {
  if (!first_images || !second_images) return 'differences.empty'
  return tested === 0 && units < 10 ? 'differences.tooFew' : 'differences.none'
}

function methodWords(found: Differences, t: ReturnType<typeof useTranslation>['t']): string {
  return [
    t('differences.method', { n: count(found.tested), stand: count(found.findings.length) }),
    found.sequences && t('differences.sequences'),
    found.shared_images > 0 &&
      t('differences.shared', { count: found.shared_images, n: count(found.shared_images) }),
    found.chosen_by.length > 0 && t('differences.chosen', { fields: found.chosen_by.join(', ') }),
    found.untested > 0 && t('differences.untested', { n: count(found.untested) }),
  ]
    .filter(Boolean)
    .join(' ')
}

function Line({ finding }: { finding: Finding }) {
  const { t } = useTranslation('curate/analytics')
  const open = useOpen()
  const words = useFieldWords()
  const field = finding.kind === 'value' || finding.kind === 'number' ? words.field(finding.name) : ''
  const fact = factOf(finding)
  const sentence = t(`finding.${finding.kind}.${fact.key}`, {
    name: finding.kind === 'size' ? t(`size.${finding.name}`) : finding.label,
    field,
    times: fact.times,
    interpolation: { escapeValue: false },
  })
  const [a, b] = pairOf(finding)
  return (
    <li className={classes.finding}>
      <span className={classes.sentence}>{sentence}</span>
      <span className={classes.dumbbell} style={{ '--a': a, '--b': b } as CSSProperties} aria-hidden>
        <i data-side={0} />
        <i data-side={1} />
      </span>
      {[finding.first, finding.second].map((value, side) => {
        const text = figureOf(finding, value)
        return finding.q ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the two sides
          <PathLink key={side} className={classes.figure} data-side={side} href={open.to(finding.q, side)}>
            {text}
          </PathLink>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the two sides
          <span key={side} className={classes.figure} data-side={side}>
            {text}
          </span>
        )
      })}
      <span className={classes.z} title={t('differences.zWhat')}>
        z {finding.z > 0 ? '+' : '−'}
        {Math.abs(finding.z).toFixed(1)}
      </span>
    </li>
  )
}
