import {
  Button,
  Checkbox,
  Progress,
  SegmentedControl,
  Select,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { percent } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './ImportForm.module.css'
import { readMetadata } from './metadata'
import { FORMATS, type Format, type ImportJob, useImportFolder, useImportZip } from './queries'
import { ZipField } from './ZipField'

type Props = { dataset: number; onStarted: (job: ImportJob) => void }

/** Where the images and labels come from: a folder that the server sees, or a zip from here. */
export function ImportForm({ dataset, onStarted }: Props) {
  const { t } = useTranslation('dataset/imports')
  const [source, setSource] = useState<'folder' | 'zip'>('folder')
  const [path, setPath] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [format, setFormat] = useState<Format>('auto')
  const [annotations, setAnnotations] = useState('')
  const [copy, setCopy] = useState(true)
  const [metadataText, setMetadataText] = useState('')
  const [sent, setSent] = useState(0)
  const stop = useRef<AbortController | null>(null)
  const folder = useImportFolder(dataset)
  const zip = useImportZip(dataset)
  const { metadata, wrong } = readMetadata(metadataText)
  const ready = !wrong && (source === 'folder' ? path.trim() : file)
  const error = source === 'folder' ? folder.error : zip.error
  const start = (dry_run: boolean) => {
    if (source === 'folder') {
      const named = annotations.trim() || undefined
      const body = { path: path.trim(), format, annotations: named, copy, metadata, dry_run }
      folder.mutate(body, { onSuccess: onStarted })
      return
    }
    stop.current = new AbortController()
    setSent(0)
    zip.mutate(
      { file: file!, format, metadata, dry_run, onProgress: setSent, signal: stop.current.signal },
      { onSuccess: onStarted },
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(false)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <h2>{t('title')}</h2>
      <p className="hd-dim">{t('what')}</p>
      <Stack gap={14} mt={16}>
        <SegmentedControl
          aria-label={t('source')}
          style={{ alignSelf: 'flex-start' }}
          value={source}
          onChange={setSource}
          data={[
            { value: 'folder', label: t('folder') },
            { value: 'zip', label: t('zip') },
          ]}
        />
        {source === 'folder' ? (
          <TextInput
            label={t('path')}
            description={t('pathWhat')}
            placeholder="/data/road-scenes"
            spellCheck={false}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
        ) : (
          <ZipField file={file} choose={setFile} disabled={zip.isPending} />
        )}
        <Select
          label={t('format')}
          description={t(`formatWhat.${format}`)}
          data={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
          value={format}
          onChange={(value) => setFormat(value as Format)}
        />
        {source === 'folder' && (format === 'coco' || format === 'auto') && (
          <TextInput
            label={t('annotations')}
            description={t('annotationsWhat')}
            placeholder="annotations/instances_train.json"
            spellCheck={false}
            value={annotations}
            onChange={(event) => setAnnotations(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={t('metadata')}
          description={t('metadataWhat')}
          placeholder={'site = gate 4\ncamera = 2'}
          autosize
          minRows={2}
          spellCheck={false}
          value={metadataText}
          error={wrong && t('metadataWrong', { line: wrong })}
          onChange={(event) => setMetadataText(event.currentTarget.value)}
        />
        {source === 'folder' && (
          <Checkbox
            label={t('copy')}
            description={t(copy ? 'copyOn' : 'copyOff')}
            checked={copy}
            onChange={(event) => setCopy(event.currentTarget.checked)}
          />
        )}
        {error && error.name !== 'AbortError' && <ProblemNote error={error} />}
        {zip.isPending && (
          <div>
            <Progress value={sent * 100} aria-label={t('sending', { share: percent(sent) })} />
            <p className="hd-num hd-dim">{t(sent < 1 ? 'sending' : 'checking', { share: percent(sent) })}</p>
          </div>
        )}
        <div className={classes.buttons}>
          <Button
            type="submit"
            variant="filled"
            disabled={!ready}
            loading={folder.isPending || zip.isPending}
          >
            {t('start')}
          </Button>
          <Button
            disabled={!ready || folder.isPending || zip.isPending}
            title={t('checkWhat')}
            onClick={() => start(true)}
          >
            {t('check')}
          </Button>
          {zip.isPending && <Button onClick={() => stop.current?.abort()}>{t('stop')}</Button>}
        </div>
      </Stack>
    </form>
  )
}
