import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '../../api/types'
import { useSlices } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { ActionForm } from '../../ui/ActionForm'
import { Confirm } from '../../ui/Confirm'
import { bytes, count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import { toastProblem } from '../../ui/toast'
import classes from './EndpointPage.module.css'
import { gatesQuery, useBringKept, useChangeEndpoint, useDeleteEndpoint } from './queries'

const MIB = 1 << 20

/** What can be set: for managers what it does, for owners by what candidates are judged. */
export function EndpointSettings({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const manages = useMay(endpoint.dataset, 'manager')
  const owns = useMay(endpoint.dataset, 'owner')
  if (!manages) return null
  return (
    <>
      <Section title={t('settings')}>
        <Behaviour key={JSON.stringify(endpoint.hours) + endpoint.id} endpoint={endpoint} />
      </Section>
      <Section title={t('sampling')} note={t('samplingWhat')}>
        <Sampling endpoint={endpoint} />
      </Section>
      {owns && (
        <Section title={t('judging')} note={t('judgingWhat')}>
          <Judging endpoint={endpoint} />
          <Delete endpoint={endpoint} />
        </Section>
      )}
    </>
  )
}

function Behaviour({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const change = useChangeEndpoint(endpoint.id)
  const [conf, setConf] = useState<number | string>(endpoint.conf)
  const [idle, setIdle] = useState<number | string>(endpoint.idle_minutes)
  const [from, setFrom] = useState(endpoint.hours.from ?? '')
  const [to, setTo] = useState(endpoint.hours.to ?? '')
  const [zone, setZone] = useState(endpoint.hours.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const always = !from && !to
  const days = endpoint.hours.days
  const send = () =>
    change.mutate({
      conf: Number(conf),
      idle_minutes: Number(idle),
      hours: always ? {} : { from, to, zone, ...(days ? { days } : {}) },
    })
  return (
    <ActionForm verb={t('save')} pending={change.isPending} problem={change.error} send={send}>
      <div className={classes.settings}>
        <NumberInput
          label={t('conf')}
          description={t('confHelp')}
          min={0}
          max={1}
          step={0.05}
          value={conf}
          onChange={setConf}
        />
        <NumberInput
          label={t('idle')}
          description={t('idleHelp')}
          min={0}
          max={10_000}
          value={idle}
          onChange={setIdle}
        />
        <TextInput
          label={t('from')}
          description={t('hoursHelp')}
          placeholder="08:00"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label={t('to')}
          description={t('toHelp')}
          placeholder="18:00"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <TextInput
          label={t('zone')}
          description={t('zoneHelp')}
          value={zone}
          disabled={always}
          onChange={(event) => setZone(event.currentTarget.value)}
        />
      </div>
    </ActionForm>
  )
}

function Sampling({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const change = useChangeEndpoint(endpoint.id)
  const bring = useBringKept(endpoint)
  const [share, setShare] = useState<number | string>(endpoint.sample_share * 100)
  const [pictures, setPictures] = useState<number | string>(endpoint.sample_pictures)
  const [size, setSize] = useState<number | string>(Math.round(endpoint.sample_bytes / MIB))
  const send = () =>
    change.mutate({
      sample_share: Number(share) / 100,
      sample_pictures: Number(pictures),
      sample_bytes: Number(size) * MIB,
    })
  return (
    <ActionForm verb={t('save')} pending={change.isPending} problem={change.error} send={send}>
      <div className={classes.settings}>
        <NumberInput
          label={t('share')}
          description={t('shareHelp')}
          min={0}
          max={100}
          suffix=" %"
          value={share}
          onChange={setShare}
        />
        <NumberInput label={t('mostPictures')} min={0} value={pictures} onChange={setPictures} />
        <NumberInput label={t('mostBytes')} min={0} suffix=" MiB" value={size} onChange={setSize} />
        <p className={classes.wide}>
          {t('kept', {
            count: endpoint.kept_pictures,
            pictures: count(endpoint.kept_pictures),
            size: bytes(endpoint.kept_bytes),
          })}{' '}
          {endpoint.sample_dataset && (
            <PathLink href={`/datasets/${endpoint.sample_dataset}`}>{t('openProduction')}</PathLink>
          )}
        </p>
        {endpoint.to_bring > 0 && (
          <Button
            loading={bring.isPending}
            onClick={() => bring.mutate(undefined, { onError: toastProblem })}
          >
            {t('bring', { count: endpoint.to_bring })}
          </Button>
        )}
      </div>
    </ActionForm>
  )
}

function Judging({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const change = useChangeEndpoint(endpoint.id)
  const gates = useQuery(gatesQuery(endpoint.dataset)).data ?? []
  const slices = useSlices(endpoint.dataset).data ?? []
  const [gate, setGate] = useState(endpoint.gate ? String(endpoint.gate) : null)
  const [slice, setSlice] = useState<string | null>(String(endpoint.slice))
  const send = () => change.mutate({ gate: gate ? Number(gate) : null, slice: Number(slice) })
  return (
    <ActionForm verb={t('save')} pending={change.isPending} problem={change.error} send={send}>
      <div className={classes.settings}>
        <Select
          label={t('gate')}
          placeholder={t('noGate')}
          data={gates.map((one) => ({ value: String(one.id), label: one.name }))}
          value={gate}
          onChange={setGate}
          clearable
        />
        <Select
          label={t('slice')}
          data={slices.map((one) => ({ value: String(one.id), label: one.name }))}
          value={slice}
          onChange={setSlice}
          allowDeselect={false}
          searchable
        />
      </div>
    </ActionForm>
  )
}

function Delete({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const remove = useDeleteEndpoint(endpoint.id)
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const gone = () =>
    void navigate({ to: '/model/$datasetId/endpoints', params: { datasetId: String(endpoint.dataset) } })
  return (
    <>
      <Button mt={18} color="red" variant="subtle" onClick={() => setAsked(true)}>
        {t('deleteEndpoint')}
      </Button>
      <Confirm
        opened={asked}
        close={() => setAsked(false)}
        title={t('deleteTitle', { name: endpoint.name })}
        verb={t('deleteEndpoint')}
        danger
        pending={remove.isPending}
        error={remove.error}
        confirm={() => remove.mutate(undefined, { onSuccess: gone })}
      >
        {t('deleteWhat')}
      </Confirm>
    </>
  )
}
