import { Checkbox, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { importRootsQuery } from '../../accounts/importRoots'
import type { Job } from '../../api/types'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { useDataset } from '../queries'
import { FilesField } from './FilesField'
import { FORMATS, type Format } from './format'
import classes from './ImportForm.module.css'
import { readMetadata } from './metadata'
import { useImportFiles, useImportFolder } from './queries'
import { SendingProgress } from './SendingProgress'
import { useSending } from './sending'
import { type Source, sourceOf } from './source'
import { Unfinished } from './Unfinished'

type Props = { dataset: number; onStarted: (job: Job) => void }

/** Where the images and labels come from: a folder that the server sees, or files from here. */
export function ImportForm({ dataset, onStarted }: Props) {
  const { t } = useTranslation('dataset/imports')
  const sending = useSending(dataset)
  const project = useDataset(dataset).data?.project
  const roots = useQuery({ ...importRootsQuery(project ?? 0), enabled: project !== undefined }).data
  const barred = roots?.granted.length === 0
  const [chosen, setFrom] = useState<'folder' | 'files' | null>(sending ? 'files' : null)
  const from = chosen ?? (barred ? 'files' : 'folder')
  const stopped = barred && from === 'folder'
  const [path, setPath] = useState('')
  const [source, setSource] = useState<Source | null>(null)
  const [format, setFormat] = useState<Format>('auto')
  const [annotations, setAnnotations] = useState('')
  const [copy, setCopy] = useState(true)
  const [metadataText, setMetadataText] = useState('')
  const folder = useImportFolder(dataset)
  const files = useImportFiles(dataset)
  const { metadata, wrong } = readMetadata(metadataText)
  const ready = !wrong && (from === 'folder' ? path.trim() : source && !sending)
  const error = from === 'folder' ? folder.error : files.error
  const start = (dry_run: boolean) => {
    if (from === 'folder') {
      const named = annotations.trim() || undefined
      const body = { path: path.trim(), format, annotations: named, copy, metadata, dry_run }
      folder.mutate(body, { onSuccess: onStarted })
      return
    }
    files.mutate({ source: source!, format, metadata, dry_run }, { onSuccess: onStarted })
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
          value={from}
          onChange={setFrom}
          data={[
            { value: 'folder', label: t('folder') },
            { value: 'files', label: t('files') },
          ]}
        />
        {stopped ? (
          <NoRoot project={project!} grants={roots.configured !== null} />
        ) : (
          <>
            {from === 'folder' ? (
              <TextInput
                label={t('path')}
                description={roots ? t('pathBelow', { roots: roots.granted.join(', ') }) : t('pathWhat')}
                placeholder={`${roots?.granted[0]?.replace(/\/$/, '') ?? '/data'}/road-scenes`}
                spellCheck={false}
                value={path}
                onChange={(event) => setPath(event.currentTarget.value)}
              />
            ) : (
              <>
                <FilesField
                  source={source}
                  choose={(chosen) => setSource(sourceOf(chosen))}
                  disabled={Boolean(sending)}
                />
                {!sending && <Unfinished dataset={dataset} source={source} />}
              </>
            )}
            <Select
              label={t('format')}
              description={t(`formatWhat.${format}`)}
              data={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
              searchable
              allowDeselect={false}
              nothingFoundMessage={t('noSuchFormat')}
              value={format}
              onChange={(value) => value && setFormat(value as Format)}
            />
            {from === 'folder' && (format === 'coco' || format === 'auto') && (
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
            {from === 'folder' && (
              <Checkbox
                label={t('copy')}
                description={t(copy ? 'copyOn' : 'copyOff')}
                checked={copy}
                onChange={(event) => setCopy(event.currentTarget.checked)}
              />
            )}
            {error && error.name !== 'AbortError' && <ProblemNote error={error} />}
            {from === 'files' && sending && <SendingProgress dataset={dataset} sending={sending} />}
            {(from === 'folder' || !sending) && (
              <div className={classes.buttons}>
                <OffButton
                  type="submit"
                  variant="filled"
                  off={!ready && t('ui:off.source')}
                  loading={folder.isPending}
                >
                  {t('start')}
                </OffButton>
                <OffButton
                  off={(!ready || folder.isPending) && t('ui:off.source')}
                  title={t('checkWhat')}
                  onClick={() => start(true)}
                >
                  {t('check')}
                </OffButton>
              </div>
            )}
          </>
        )}
      </Stack>
    </form>
  )
}

/** Why no folder can be named here, and who can change it. */
function NoRoot({ project, grants }: { project: number; grants: boolean }) {
  const { t } = useTranslation('dataset/imports')
  return (
    <p className={classes.barred} role="note">
      {t('noRoot')} {!grants && t('noRootAsk')}{' '}
      <PathLink href={`/settings?part=roots&project=${project}`}>
        {t(grants ? 'grantRoot' : 'seeRoots')}
      </PathLink>
    </p>
  )
}
