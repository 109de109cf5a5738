import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { PathLink } from '../../ui/PathLink'

/** How a slice came about, with the way back to what made it. */
export function Origin({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { kind, q, auto_curate, evaluation } = slice.origin
  const word = t(`origins.${kind}`)
  if (kind === 'auto_curate' && auto_curate)
    return <PathLink href={`/curate/${slice.dataset}/auto/${auto_curate}`}>{word}</PathLink>
  if (kind === 'diagnosis' && evaluation)
    return <PathLink href={`/evaluations/${evaluation}`}>{word}</PathLink>
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
  return <span>{word}</span>
}
