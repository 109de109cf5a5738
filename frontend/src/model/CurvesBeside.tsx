import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { runsQuery } from '../dataset/runs/queries'
import { OverlaidRuns } from './OverlaidRuns'
import { idsOf, listed } from './runsAddress'

const route = getRouteApi('/framed/runs/$runId')

/** Curves of other runs of the dataset over those of this one; which they are stands in the address. */
export function CurvesBeside({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const chosen = idsOf(route.useSearch().runs)
  const navigate = route.useNavigate()
  const others = useQuery(runsQuery(run.dataset)).data?.items.filter(({ id }) => id !== run.id) ?? []
  const shown = others.filter(({ id }) => chosen.includes(id))
  if (others.length === 0) return null
  return (
    <div style={{ marginTop: 16 }}>
      <MultiSelect
        size="xs"
        maw={520}
        mb={10}
        searchable
        label={t('besideRuns')}
        data={others.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={shown.map(({ id }) => String(id))}
        onChange={(ids) =>
          void navigate({ search: { runs: listed(ids) }, replace: true, resetScroll: false })
        }
      />
      {shown.length > 0 && (
        <OverlaidRuns
          runs={[run, ...shown].map((one, index) => ({ ...one, colour: index, dashed: false }))}
        />
      )}
    </div>
  )
}
