import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { sourcesQuery } from './queries'

type Props = {
  dataset: number
  slice: number | null
  sources: boolean
  sight: boolean
  set: (change: { sources?: boolean; sight?: boolean }) => void
}

/** What a split keeps on one side: what the names tell is shown before it is done. */
export function KeepTogether({ dataset, slice, sources, sight, set }: Props) {
  const { t } = useTranslation('curate/autocurate')
  const found = useQuery(sourcesQuery(dataset, slice)).data
  const [first] = found?.found ?? []
  const told =
    found && found.named > 0
      ? t('together.found', {
          count: found.named,
          n: count(found.named),
          sources: count(found.sources),
          each: (found.named / found.sources).toFixed(found.named % found.sources ? 1 : 0),
        })
      : t('together.noneFound')
  return (
    <>
      <Switch
        label={t('together.sources')}
        description={
          <>
            {found ? told : '…'}{' '}
            {first && found && found.named > 0 && (
              <span className="hd-mono">
                {first.example_names.map((name) => name.split('/').at(-1)).join(', ')}
              </span>
            )}
          </>
        }
        checked={sources}
        onChange={(event) => set({ sources: event.currentTarget.checked })}
      />
      <Switch
        label={t('together.sight')}
        description={t('together.sightWhat')}
        checked={sight}
        onChange={(event) => set({ sight: event.currentTarget.checked })}
      />
    </>
  )
}
