import { Button, Modal, Select, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint, GateResult } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { JobProgress } from '../../jobs/JobProgress'
import { useJob } from '../../jobs/queries'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { useFocusBack } from '../../ui/useFocusBack'
import { checkpointsQuery } from '../queries'
import { GateTable, GateWord } from './GateTable'
import classes from './PromoteDialog.module.css'
import { gateResultQuery, useJudge, usePromote } from './queries'

/** A candidate is judged at the gate first; where it is held back, an owner may promote it for a reason. */
export function PromoteDialog({ endpoint, close }: { endpoint: Endpoint; close: () => void }) {
  const { t } = useTranslation('model/endpoints')
  useFocusBack()
  const checkpoints = useQuery(checkpointsQuery(endpoint.dataset)).data ?? []
  const [checkpoint, setCheckpoint] = useState<string | null>(null)
  const judge = useJudge()
  const promote = usePromote(endpoint)
  const gated = endpoint.gate !== null && endpoint.current !== null
  const { data: result } = useQuery(gateResultQuery(judge.data?.id ?? 0))
  const choose = (id: string | null) => {
    setCheckpoint(id)
    judge.reset()
    promote.reset()
  }
  const others = checkpoints.filter(({ id }) => id !== endpoint.current?.checkpoint.id)
  const send = (reason?: string) =>
    promote.mutate({ checkpoint: Number(checkpoint), reason }, { onSuccess: close })
  const open = result?.verdict === 'passed' || !gated
  return (
    <Modal opened onClose={close} title={t('promoteTo', { name: endpoint.name })} size={820}>
      <div className={classes.body}>
        <Select
          label={t('candidate')}
          description={
            endpoint.current &&
            t('comparedWith', { name: endpoint.current.checkpoint.name, slice: endpoint.slice_name })
          }
          data={others.map((one) => ({ value: String(one.id), label: one.name }))}
          value={checkpoint}
          onChange={choose}
          searchable
          data-autofocus
        />
        {gated && !result && (
          <OffButton
            off={!checkpoint && t('ui:off.candidate')}
            loading={judge.isPending}
            onClick={() => judge.mutate({ candidate: Number(checkpoint), endpoint: String(endpoint.id) })}
          >
            {t('judge', { gate: endpoint.gate_name })}
          </OffButton>
        )}
        {!gated && <p className="hd-dim">{t('ungated')}</p>}
        {judge.error && <ProblemNote error={judge.error} />}
        {result && <Judged result={result} />}
        {promote.error && <ProblemNote error={promote.error} />}
        {result?.verdict && result.verdict !== 'passed' && (
          <PastTheGate endpoint={endpoint} result={result} pending={promote.isPending} send={send} />
        )}
        <div className={classes.verbs}>
          <Button onClick={close}>{t('close')}</Button>
          <OffButton
            variant="filled"
            off={(!checkpoint && t('ui:off.candidate')) || (!open && t('judgeFirst'))}
            loading={promote.isPending}
            onClick={() => send()}
          >
            {t('promote')}
          </OffButton>
        </div>
      </div>
    </Modal>
  )
}

function Judged({ result }: { result: GateResult }) {
  const { t } = useTranslation('model/endpoints')
  const job = useJob(result.verdict ? null : result.job).data
  if (!result.verdict) return job ? <JobProgress job={job} /> : null
  return (
    <div>
      <p className={classes.verdict} role="status">
        <GateWord of={result.verdict} /> {t(`verdictWhat.${result.verdict}`)}
      </p>
      <GateTable result={result} />
    </div>
  )
}

type PastProps = { endpoint: Endpoint; result: GateResult; pending: boolean; send: (reason: string) => void }

function PastTheGate({ endpoint, pending, send }: PastProps) {
  const { t } = useTranslation('model/endpoints')
  const owns = useMay(endpoint.dataset, 'owner')
  const [reason, setReason] = useState('')
  if (!owns) return <p className="hd-dim">{t('ownersOnly')}</p>
  return (
    <div className={classes.past}>
      <Textarea
        label={t('reason')}
        description={t('reasonHelp')}
        value={reason}
        autosize
        minRows={2}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <OffButton
        color="red"
        off={!reason.trim() && t('ui:off.reason')}
        loading={pending}
        onClick={() => send(reason.trim())}
      >
        {t('promoteAllTheSame')}
      </OffButton>
    </div>
  )
}
