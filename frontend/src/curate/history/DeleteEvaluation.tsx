import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { useDataset } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { useActions } from '../../ui/actions'
import { useGo } from '../../ui/PathLink'
import { DeleteEvaluations } from './DeleteEvaluations'

/** Deletes the evaluation whose page this is, and goes to the others. Managers. */
export function DeleteEvaluation({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation('curate/history')
  const [asking, setAsking] = useState(false)
  const project = useDataset(evaluation.dataset).data?.project
  const may = useMay(evaluation.dataset, 'manager')
  const go = useGo()
  const ask = () => setAsking(true)
  useActions([{ id: 'deleteEvaluation', label: t('delete'), disabled: !may, perform: ask }])
  if (!may || !project) return null
  return (
    <>
      <Button onClick={ask}>{t('delete')}</Button>
      {asking && (
        <DeleteEvaluations
          project={project}
          evaluations={[evaluation]}
          close={() => setAsking(false)}
          done={() => go(`/curate/${evaluation.dataset}/evaluations`)}
        />
      )}
    </>
  )
}
