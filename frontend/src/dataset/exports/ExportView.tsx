import { Button, Skeleton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ExportReport } from '../../api/types'
import { useJob } from '../../jobs/queries'
import { download } from '../../ui/csv'
import { Facts } from '../../ui/Facts'
import { bytes, count, dateTime } from '../../ui/format'
import { Hash } from '../../ui/Hash'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { JobArticle } from '../JobArticle'
import { useMay } from '../useMay'
import classes from './ExportView.module.css'
import { archiveAddress, asExport, isExpired } from './queries'

type Props = { job: number; dataset: number; brief?: boolean }

/** One export: how far it is, then its file, what is in it and what the format had no place for. */
export function ExportView({ job: id, dataset, brief }: Props) {
  const { t } = useTranslation('dataset/exports')
  const { data, error } = useJob(id)
  const manages = useMay(dataset, 'manager')
  if (error) return <ProblemNote error={error} />
  if (!data) return <Skeleton height={180} />
  const job = asExport(data)
  const report = () => download(`export-${id}.json`, JSON.stringify(job.result, null, 2), 'application/json')
  return (
    <JobArticle
      job={data}
      mayCancel={manages}
      log={!brief}
      actions={job.result && !brief && <Button onClick={report}>{t('downloadReport')}</Button>}
    >
      {job.result && <Report job={id} report={job.result} />}
    </JobArticle>
  )
}

function Report({ job, report }: { job: number; report: ExportReport }) {
  const { t } = useTranslation('dataset/exports')
  const gone = isExpired(report)
  return (
    <>
      {gone ? (
        <p className="hd-dim">{t('gone')}</p>
      ) : (
        <Button
          variant="filled"
          component="a"
          href={archiveAddress(job)}
          download
          leftSection={<IconDownload size={15} />}
        >
          {t('download', { size: bytes(report.size) })}
        </Button>
      )}
      <div className={classes.facts}>
        <Facts
          of={{
            [t('images')]: count(report.images.exported),
            [t('imageFiles')]: report.images.files > 0 && count(report.images.files),
            [t('boxes')]: count(report.boxes.exported),
            [t('boxesSkipped')]: report.boxes.skipped > 0 && count(report.boxes.skipped),
            [t('predicted')]: report.predictions !== null && count(report.predictions),
            [t('revision')]: report.revision,
            [t('kept')]: gone ? null : dateTime(report.expires_at),
            'SHA-256': <Hash value={report.sha256} />,
          }}
        />
      </div>
      <Losses report={report} />
    </>
  )
}

/** What the format has no place for. Nothing is left out in silence. */
function Losses({ report }: { report: ExportReport }) {
  const { t } = useTranslation('dataset/exports')
  if (report.problems_total === 0) return <p className="hd-dim">{t('nothingLost')}</p>
  const columns: Column<ExportReport['problems'][number] & { n: number }>[] = [
    { key: 'reason', head: t('reason'), cell: (one) => one.reason },
    {
      key: 'file',
      head: t('file'),
      width: '34%',
      cell: (one) => <span className={classes.file}>{one.file}</span>,
    },
  ]
  return (
    <section>
      <h3 className={classes.lost}>
        {t('lost', { count: report.problems_total, n: count(report.problems_total) })}
      </h3>
      <Table
        label={t('lost', { count: report.problems_total, n: count(report.problems_total) })}
        columns={columns}
        rows={report.problems.map((one, n) => ({ ...one, n }))}
        rowKey={(one) => one.n}
      />
    </section>
  )
}
