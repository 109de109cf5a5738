import { Button, NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agreement, SeveralTask } from '../../api/types'
import { fileName } from '../../canvas/fileName'
import { FormDialog } from '../../ui/FormDialog'
import { Section } from '../../ui/Section'
import { Table } from '../../ui/Table'
import { toast } from '../../ui/toast'
import { AgreementFigures } from './AgreementFigures'
import classes from './Quality.module.css'
import { severalQuery, useAskSeveral } from './queries'

/** Images that several people label: how far they agree, and what a reviewer must decide. */
export function SeveralSection({ batch, agreement }: { batch: number; agreement: Agreement | undefined }) {
  const { t } = useTranslation('label/quality')
  const [asking, setAsking] = useState(false)
  const several = useQuery(severalQuery(batch))
  const open = several.data?.filter((one) => one.questions > 0 && !one.decided) ?? []
  const actions = (
    <>
      {open[0] && (
        <Button variant="filled" component={Link} to={`/tasks/${open[0].task}/copies`}>
          {t('several.decide', { count: open.length })}
        </Button>
      )}
      <Button onClick={() => setAsking(true)}>{t('several.ask')}</Button>
    </>
  )
  return (
    <Section title={t('several.title')} note={t('several.note')} actions={actions}>
      {agreement && <AgreementFigures of={agreement} />}
      {several.data?.length === 0 ? (
        <p className="hd-dim">{t('several.none')}</p>
      ) : (
        <SeveralTable rows={several.data} />
      )}
      {asking && <AskDialog batch={batch} close={() => setAsking(false)} />}
    </Section>
  )
}

function SeveralTable({ rows }: { rows: SeveralTask[] | undefined }) {
  const { t } = useTranslation('label/quality')
  const outcome = (row: SeveralTask) => {
    if (row.decided) return t('several.decided')
    return row.questions > 0 ? t('several.questions', { count: row.questions }) : t('several.waiting')
  }
  return (
    <Table
      label={t('several.title')}
      rows={rows}
      rowKey={(row) => row.task}
      columns={[
        {
          key: 'image',
          head: t('several.image'),
          cell: (row) =>
            row.decided || row.questions > 0 ? (
              <Link to="/tasks/$taskId/copies" params={{ taskId: String(row.task) }}>
                {fileName(row.image.key)}
              </Link>
            ) : (
              fileName(row.image.key)
            ),
        },
        {
          key: 'handedIn',
          head: t('several.handedIn'),
          cell: (row) => t('several.handedInOf', { n: row.handed_in, of: row.copies }),
        },
        { key: 'outcome', head: t('several.outcome'), cell: outcome },
      ]}
    />
  )
}

function AskDialog({ batch, close }: { batch: number; close: () => void }) {
  const { t } = useTranslation('label/quality')
  const ask = useAskSeveral(batch)
  const [people, setPeople] = useState(2)
  const [share, setShare] = useState(10)
  const send = () =>
    ask.mutate(
      { people, share: share / 100, seed: 0 },
      {
        onSuccess: ({ tasks }) => {
          toast(t('several.asked', { count: tasks, people }))
          close()
        },
      },
    )
  return (
    <FormDialog
      title={t('several.ask')}
      verb={t('several.ask')}
      pending={ask.isPending}
      problem={ask.error}
      send={send}
      close={close}
    >
      <NumberInput
        label={t('several.people')}
        min={2}
        max={9}
        value={people}
        onChange={(value) => setPeople(Number(value))}
        data-autofocus
      />
      <NumberInput
        label={t('several.share')}
        min={1}
        max={100}
        value={share}
        onChange={(value) => setShare(Number(value))}
      />
      <p className={classes.small}>{t('several.note')}</p>
    </FormDialog>
  )
}
