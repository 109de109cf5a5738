import { FileInput, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Props = {
  file: File | null
  setFile: (file: File | null) => void
  annotations: File | null
  setAnnotations: (file: File | null) => void
  /** Share of the upload that has gone out; null while nothing is sent. */
  sent: number | null
}

/** A COCO results file, and the file whose ids it speaks in. */
export function FileFields({ file, setFile, annotations, setAnnotations, sent }: Props) {
  const { t } = useTranslation('curate/evaluations/new')
  return (
    <>
      <FileInput
        size="xs"
        label={t('file')}
        description={t('fileWhat')}
        placeholder={t('chooseFile')}
        accept=".json,application/json"
        clearable
        value={file}
        onChange={setFile}
      />
      <FileInput
        size="xs"
        label={t('annotations')}
        description={t('annotationsWhat')}
        placeholder={t('chooseFile')}
        accept=".json,application/json"
        clearable
        value={annotations}
        onChange={setAnnotations}
      />
      {sent !== null && <Progress value={sent * 100} aria-label={t('sending')} />}
    </>
  )
}
