import { Button, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../api/client'
import type { Checkpoint, ExportedForm } from '../api/types'
import { useDataset } from '../dataset/queries'
import { useMay } from '../dataset/useMay'
import { isActive, useJob } from '../jobs/queries'
import { Confirm } from '../ui/Confirm'
import { Delta } from '../ui/Figure'
import { bytes, count, number } from '../ui/format'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { StateMark } from '../ui/StateMark'
import { type Column, Table } from '../ui/Table'
import { ExportDialog } from './ExportDialog'
import classes from './ExportedForms.module.css'
import { checkpointName, formName } from './formNames'
import { useDeleteForm, useForms } from './queries'

type Props = { dataset: number; checkpoints: Checkpoint[] }

/** Checkpoints in the forms of other runtimes, each with what it costs. */
export function ExportedForms({ dataset, checkpoints }: Props) {
  const { t } = useTranslation('model')
  const project = useDataset(dataset).data?.project
  const { forms, error } = useForms(checkpoints, project)
  const manages = useMay(dataset, 'manager')
  const [exporting, setExporting] = useState(false)
  const [deleting, setDeleting] = useState<ExportedForm | null>(null)
  const columns = useColumns(checkpoints, manages ? setDeleting : null)
  const ask = manages && checkpoints.length > 0 && (
    <Button onClick={() => setExporting(true)}>{t('forms.export')}</Button>
  )
  return (
    <Section title={t('forms.title')} note={t('forms.what')} actions={ask}>
      {error ? <ProblemNote error={error} /> : null}
      <Table
        label={t('forms.title')}
        columns={columns}
        rows={checkpoints.length === 0 ? [] : forms}
        rowKey={(one) => one.id}
        empty={t(checkpoints.length === 0 ? 'noCheckpointYet' : 'forms.none')}
      />
      {exporting && (
        <ExportDialog dataset={dataset} checkpoints={checkpoints} close={() => setExporting(false)} />
      )}
      {deleting && <Deleting form={deleting} close={() => setDeleting(null)} />}
    </Section>
  )
}

function useColumns(
  checkpoints: Checkpoint[],
  remove: ((form: ExportedForm) => void) | null,
): Column<ExportedForm>[] {
  const { t } = useTranslation('model')
  const of = (id: number) => checkpoints.find((one) => one.id === id)
  return [
    {
      key: 'form',
      head: t('forms.form'),
      cell: (one) => (
        <>
          {formName(one)} <span className="hd-dim hd-num">{t('forms.pixels', { n: one.imgsz })}</span>
        </>
      ),
    },
    {
      key: 'checkpoint',
      head: t('forms.of'),
      width: 120,
      cell: (one) => <span className="hd-dim">{checkpointName(of(one.checkpoint), t)}</span>,
    },
    { key: 'state', head: t('forms.check'), width: 150, cell: (one) => <State form={one} /> },
    { key: 'boxes', head: t('forms.boxes'), width: 130, numeric: true, cell: (one) => <Boxes form={one} /> },
    { key: 'map', head: 'ΔmAP', width: 120, numeric: true, cell: (one) => <Difference form={one} /> },
    {
      key: 'size',
      head: t('size'),
      width: 80,
      numeric: true,
      cell: (one) => (one.finished_at ? bytes(one.size) : '–'),
    },
    {
      key: 'file',
      head: '',
      width: 120,
      cell: (one) => (
        <span className={classes.actions}>
          {one.finished_at && (
            <a href={address(`forms/${one.id}/file`, {})} download>
              {t('download')}
            </a>
          )}
          {remove && !isActive(one) && (
            <Button
              px={6}
              aria-label={t('forms.delete', { name: formName(one) })}
              onClick={() => remove(one)}
            >
              <IconTrash size={14} />
            </Button>
          )}
        </span>
      ),
    },
  ]
}

/** How far its job is, or what the check said. */
function State({ form }: { form: ExportedForm }) {
  const { t } = useTranslation('model')
  const active = isActive(form)
  const job = useJob(active || form.state === 'failed' ? form.job : null).data
  if (form.verdict)
    return (
      <Tooltip multiline maw={320} label={t(`forms.verdictWhat.${form.verdict}`)}>
        <span className={classes.verdict} data-verdict={form.verdict}>
          {t(`forms.verdict.${form.verdict}`)}
        </span>
      </Tooltip>
    )
  const mark = <StateMark state={job?.state ?? form.state} progress={job?.progress} />
  if (!form.job) return mark
  return (
    <Tooltip multiline maw={320} disabled={!job?.error} label={job?.error}>
      <span>
        <PathLink href={`/jobs/${form.job}`}>{mark}</PathLink>
      </span>
    </Tooltip>
  )
}

/** How many of the checkpoint's boxes the form has too, and how far pairs lie apart. */
function Boxes({ form }: { form: ExportedForm }) {
  const { t } = useTranslation('model')
  const found = form.differences
  if (!found) return <>–</>
  const { boxes } = found
  const apart =
    boxes.matched > 0
      ? t('forms.apart', {
          iou: number(boxes.iou_least, 4),
          score: number(boxes.score_largest, 2),
          pixels: number(boxes.pixels_largest, 2),
        })
      : t('forms.noBoxes')
  const more = t('forms.lost', {
    missing: count(boxes.missing),
    extra: count(boxes.extra),
    images: count(found.images),
  })
  return (
    <Tooltip multiline maw={360} label={`${apart} ${more}`}>
      <span className="hd-num">
        {t('forms.alike', { n: count(boxes.alike), of: count(boxes.first) })}
        <span className="hd-hidden">
          , {apart} {more}
        </span>
      </span>
    </Tooltip>
  )
}

function Difference({ form }: { form: ExportedForm }) {
  const figures = form.differences?.mAP
  return figures ? <Delta value={figures.value} low={figures.low} high={figures.high} /> : <>–</>
}

function Deleting({ form, close }: { form: ExportedForm; close: () => void }) {
  const { t } = useTranslation('model')
  const remove = useDeleteForm()
  return (
    <Confirm
      opened
      close={close}
      title={t('forms.deleteTitle', { name: formName(form) })}
      verb={t('forms.deleteVerb')}
      danger
      pending={remove.isPending}
      error={remove.error}
      confirm={() => remove.mutate(form.id, { onSuccess: close })}
    >
      {t('forms.deleteWhat')}
    </Confirm>
  )
}
