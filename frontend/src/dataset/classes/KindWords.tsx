import { useTranslation } from 'react-i18next'
import type { Attribute } from '../../api/types'

/** The kind, and what it allows. */
export function KindWords({
  of,
}: {
  of: Pick<Attribute, 'kind' | 'values' | 'minimum' | 'maximum'> & { unit?: string }
}) {
  const { t } = useTranslation('dataset/classes')
  const range =
    of.minimum === null && of.maximum === null ? '' : `${of.minimum ?? '…'} – ${of.maximum ?? '…'}`
  const more =
    of.kind === 'choice' ? of.values.map(String).join(', ') : [range, of.unit].filter(Boolean).join(' ')
  return (
    <span>
      {t(`attribute.kinds.${of.kind}`)} {more && <span className="hd-dim">{more}</span>}
    </span>
  )
}
