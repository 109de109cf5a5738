import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Ask } from './Ask'
import { BroughtPredictions } from './BroughtPredictions'
import { Predicting } from './Predicting'

type Props = {
  dataset: number
  /** A checkpoint that is chosen from the start. */
  checkpoint?: number
  close: () => void
}
/** What the dialog shows: the question, then how far the job is that answers it. */
type Stage = { name: 'ask' } | { name: 'predicting'; job: number } | { name: 'brought'; job: number }

/**
 * Judge what there is (predictions), what can be made (a checkpoint's), or what somebody brings (a results file), on the
 * labels of any revision. Every step is a job: the dialog may be closed in the middle.
 */
export function NewEvaluation({ dataset, checkpoint, close }: Props) {
  const { t } = useTranslation('curate/evaluations/new')
  const [stage, setStage] = useState<Stage>({ name: 'ask' })
  return (
    <Modal opened onClose={close} title={t('title')} size={stage.name === 'brought' ? 720 : 520}>
      {stage.name === 'ask' && (
        <Ask
          dataset={dataset}
          checkpoint={checkpoint}
          close={close}
          predicting={(job) => setStage({ name: 'predicting', job })}
          brought={(job) => setStage({ name: 'brought', job })}
        />
      )}
      {stage.name === 'predicting' && (
        <Predicting job={stage.job} close={close} back={() => setStage({ name: 'ask' })} />
      )}
      {stage.name === 'brought' && (
        <BroughtPredictions
          dataset={dataset}
          job={stage.job}
          close={close}
          back={() => setStage({ name: 'ask' })}
        />
      )}
    </Modal>
  )
}
