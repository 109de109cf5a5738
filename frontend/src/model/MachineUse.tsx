import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { bytes, percent } from '../ui/format'

type Use = NonNullable<RunDetail['usage']>

/** How busy the machine is that trains; only what it says itself. */
export function MachineUse({ use }: { use: Use }) {
  const { t } = useTranslation('model')
  return (
    <section className="hd-num hd-dim" aria-label={t('use.machine')}>
      {use.gpus.map((gpu) => (
        <div key={gpu.index}>
          {`GPU ${gpu.index} (${gpu.name})`}
          {gpu.use !== null && ` ${percent(gpu.use)}`}
          <Memory taken={gpu.memory} of={gpu.memory_total} />
        </div>
      ))}
      <div>
        {use.cpu !== null && t('use.processor', { share: percent(use.cpu), n: use.cores })}
        <Memory taken={use.memory} of={use.memory_total} />
      </div>
    </section>
  )
}

function Memory({ taken, of }: { taken: number | null; of: number | null }) {
  const { t } = useTranslation('model')
  if (taken === null || of === null) return null
  return ` · ${t('use.memory', { taken: bytes(taken), of: bytes(of) })}`
}
