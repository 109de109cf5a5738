import { FileInput, Progress, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { percent } from '../ui/format'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { Conversion } from './Conversion'
import { useUploadWeights } from './queries'
import classes from './UploadWeights.module.css'

/** An owner brings weights; the server reads tensors from the file and never runs what is in it. */
export function UploadWeights({ project }: { project: number }) {
  const { t } = useTranslation('model')
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const [sent, setSent] = useState(0)
  const [job, setJob] = useState<number | null>(null)
  const upload = useUploadWeights()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setSent(0)
    setJob(null)
    upload.mutate(
      { project, name: name.trim(), file: file!, onProgress: setSent },
      {
        onSuccess: (made) => setJob(made.id),
      },
    )
  }
  const done = () => {
    setFile(null)
    setName('')
    setJob(null)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <FileInput
        size="xs"
        label={t('weightsFile')}
        placeholder={t('chooseFile')}
        accept=".pt"
        clearable
        value={file}
        onChange={setFile}
        className={classes.file}
      />
      <TextInput
        label={t('name')}
        placeholder={file?.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <OffButton type="submit" off={!file && t('ui:off.file')} loading={upload.isPending}>
        {t('uploadWeights')}
      </OffButton>
      <p className={classes.note}>{t('weightsWhat')}</p>
      {upload.isPending && (
        <Progress className={classes.wide} value={sent * 100} aria-label={percent(sent)} />
      )}
      {upload.isError && (
        <div className={classes.wide}>
          <ProblemNote error={upload.error} />
        </div>
      )}
      {job !== null && <Conversion key={job} job={job} done={done} again={setJob} />}
    </form>
  )
}
