import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { runsQuery } from '../dataset/runs/queries'
import { OverlaidRuns } from './OverlaidRuns'

/** Curves of other runs of the dataset over those of this one. */
export function CurvesBeside({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const [chosen, setChosen] = useState<string[]>([])
  const others = useQuery(runsQuery(run.dataset)).data?.items.filter(({ id }) => id !== run.id) ?? []
  const shown = others.filter(({ id }) => chosen.includes(String(id)))
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
        value={chosen}
        onChange={setChosen}
      />
      {shown.length > 0 && (
        <OverlaidRuns
          runs={[run, ...shown].map((one, index) => ({ ...one, colour: index, dashed: false }))}
        />
      )}
    </div>
  )
}
