import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Hash } from '../../ui/Hash'
import { PathLink } from '../../ui/PathLink'

/** How a slice came about, with the way back to what made it. */
export function Origin({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { kind, q, auto_curate, evaluation, run } = slice.origin
  const word = t(`origins.${kind}`)
  if (kind === 'auto_curate' && auto_curate)
    return <PathLink href={`/curate/${slice.dataset}/auto/${auto_curate}`}>{word}</PathLink>
  if (kind === 'diagnosis' && evaluation)
    return <PathLink href={`/evaluations/${evaluation}`}>{word}</PathLink>
  if (kind === 'learning_curve' && run)
    return <PathLink href={`/datasets/${slice.dataset}/improve?curve=${run}`}>{word}</PathLink>
  if (kind === 'improve') return <PathLink href={`/datasets/${slice.dataset}/improve`}>{word}</PathLink>
  if (kind === 'query' && q)
    return (
      <Link
        to="/datasets/$datasetId"
        params={{ datasetId: String(slice.dataset) }}
        search={{ q }}
        className="hd-mono"
        title={word}
      >
        {q}
      </Link>
    )
  if (kind === 'slices') return <FromSlices slice={slice} />
  if (kind === 'manifest' && slice.origin.content_hash)
    return (
      <span>
        {word} <Hash value={slice.origin.content_hash} />
      </span>
    )
  return <span>{word}</span>
}

const SIGNS = { union: '∪', intersect: '∩', subtract: '∖' } as const

/** A ∖ B: the slices as they were called then, each leading to what it is now. */
function FromSlices({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { operation = 'union', slices = [] } = slice.origin
  return (
    <span title={t(`operations.${operation}`)}>
      {slices.map((one, place) => (
        <Fragment key={one.id}>
          {place > 0 && (
            <>
              {' '}
              <span aria-hidden>{SIGNS[operation]}</span>
              <span className="hd-hidden">{t(`operations.${operation}`)}</span>{' '}
            </>
          )}
          <PathLink href={`/datasets/${slice.dataset}/slices/${one.id}`}>{one.name}</PathLink>
        </Fragment>
      ))}
    </span>
  )
}
