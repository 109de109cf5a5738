import { IconSnowflake } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FrozenSlice, Slice } from '../../api/types'
import { count } from '../../ui/format'
import { Hash } from '../../ui/Hash'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { Time } from '../../ui/Time'
import { useMay } from '../useMay'
import { FreezeDialog, RestoreDialog } from './ManifestDialogs'
import { manifestsQuery } from './queries'
import classes from './SlicePage.module.css'

/** The slice as it was frozen: which images, whose labels, under which hash, and what has changed since. */
export function SliceManifests({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { data, error, refetch } = useQuery(manifestsQuery(slice.id))
  const manages = useMay(slice.dataset, 'manager')
  const [freezing, setFreezing] = useState(false)
  const [restoring, setRestoring] = useState<FrozenSlice | null>(null)
  return (
    <Section
      title={t('manifests')}
      actions={
        manages && (
          <OffButton
            size="compact-xs"
            leftSection={<IconSnowflake size={13} />}
            off={slice.image_count === 0 && t('ui:off.empty')}
            onClick={() => setFreezing(true)}
          >
            {t('freeze')}
          </OffButton>
        )
      }
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <p className="hd-dim">{t('notFrozen')}</p>}
      <ul className={classes.manifests}>
        {data?.map((frozen) => (
          <li key={frozen.manifest.id}>
            <ManifestLine slice={slice} frozen={frozen} restore={manages ? setRestoring : undefined} />
          </li>
        ))}
      </ul>
      {freezing && <FreezeDialog slice={slice} close={() => setFreezing(false)} />}
      {restoring && <RestoreDialog slice={slice} frozen={restoring} close={() => setRestoring(null)} />}
    </Section>
  )
}

type LineProps = { slice: Slice; frozen: FrozenSlice; restore?: (frozen: FrozenSlice) => void }

function ManifestLine({ slice, frozen, restore }: LineProps) {
  const { t } = useTranslation('dataset/slices')
  const { manifest } = frozen
  const changed = frozen.added + frozen.removed > 0
  return (
    <>
      <div>
        <Hash value={manifest.content_hash} />
        <Time at={manifest.created_at} />
      </div>
      <div className="hd-dim">
        {t('imagesOf', { count: manifest.image_count, n: count(manifest.image_count) })}
        {' · '}
        {t('boxesOf', { count: manifest.annotation_count, n: count(manifest.annotation_count) })}
        {' · '}
        <PathLink href={`/datasets/${slice.dataset}/revisions/${manifest.revision}`}>
          {t('atRevision', { n: manifest.revision })}
        </PathLink>
      </div>
      {!frozen.alone && (
        <div className="hd-dim">
          {t('togetherWith', {
            names: manifest.slices
              .filter((one) => one.id !== slice.id)
              .map((one) => one.name)
              .join(', '),
          })}
        </div>
      )}
      {changed && (
        <div className={classes.changed}>
          <span className="hd-num">
            {t('changedSince', { added: frozen.added, removed: frozen.removed })}
          </span>
          {restore && (
            <button type="button" className={classes.restore} onClick={() => restore(frozen)}>
              {t('restore')}
            </button>
          )}
        </div>
      )}
    </>
  )
}
