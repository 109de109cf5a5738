import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, Verdict } from '../../api/types'
import { Confirm } from '../../ui/Confirm'
import type { GridFilter } from './filter'
import { everyShown } from './queries'
import type { DecisionQueue } from './queue'

type Props = {
  batch: Batch
  queue: DecisionQueue
  filter: GridFilter
  shown: number
  verdict: Verdict
  close: () => void
}

/** One verdict for all that the filter shows, also those not loaded yet; those decided in this visit stay decided. */
export function AllShown({ batch, queue, filter, shown, verdict, close }: Props) {
  const { t } = useTranslation('label/decide')
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<unknown>()
  const all = async () => {
    setPending(true)
    try {
      await queue.flush()
      const rows = await everyShown(batch.id, filter)
      queue.give(
        rows.filter((row) => queue.of(row).verdict === 'pending'),
        { verdict, classId: null },
      )
      close()
    } catch (problem) {
      setError(problem)
      setPending(false)
    }
  }
  const what = verdict === 'accepted' ? 'accept' : 'reject'
  return (
    <Confirm
      opened
      close={close}
      title={t(`${what}All`, { count: shown })}
      verb={t(`${what}All`, { count: shown })}
      pending={pending}
      error={error}
      confirm={() => void all()}
    >
      {t('allWhat')}
    </Confirm>
  )
}
