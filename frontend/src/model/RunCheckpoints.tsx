import { useTranslation } from 'react-i18next'
import { address } from '../api/client'
import type { Checkpoint, RunDetail } from '../api/types'
import { bytes } from '../ui/format'
import { Hash } from '../ui/Hash'
import { PathLink } from '../ui/PathLink'
import { Section } from '../ui/Section'
import { type Column, Table } from '../ui/Table'

/** The weights that the run left behind. */
export function RunCheckpoints({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const columns: Column<Checkpoint>[] = [
    { key: 'kind', head: t('kind'), cell: (one) => t(`kinds.${one.kind}`) },
    { key: 'epoch', head: t('epoch'), numeric: true, width: 80, cell: (one) => one.epoch ?? '–' },
    { key: 'size', head: t('size'), numeric: true, width: 90, cell: (one) => bytes(one.size) },
    { key: 'sha', head: 'SHA-256', width: 140, cell: (one) => <Hash value={one.sha256} /> },
    {
      key: 'evaluate',
      head: '',
      width: 90,
      cell: (one) => (
        <PathLink href={`/curate/${run.dataset}/evaluations?checkpoint=${one.id}`}>{t('judge')}</PathLink>
      ),
    },
    {
      key: 'file',
      head: '',
      width: 90,
      cell: (one) => (
        <a href={address(`checkpoints/${one.id}/file`, {})} download>
          {t('download')}
        </a>
      ),
    },
  ]
  return (
    <Section title={t('checkpoints')}>
      <Table
        label={t('checkpoints')}
        columns={columns}
        rows={run.checkpoints}
        rowKey={(one) => one.id}
        empty={t('noCheckpointYet')}
      />
    </Section>
  )
}
