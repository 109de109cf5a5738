import { Button } from '@mantine/core'
import { IconNotebook } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import type { Ledger } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { EmptyState } from '../../ui/EmptyState'
import { clock, dateTime } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { toastProblem } from '../../ui/toast'
import { Gains } from './Gains'
import classes from './Ledger.module.css'
import { ledgerQuery, useCompareWithControl } from './queries'
import { TimeBar } from './TimeBar'
import { Timeline } from './Timeline'

const route = getRouteApi('/framed/runs/$runId/ledger')

/** One iteration on a page: what was weak, what was done about it, by whom and how long, and what it brought. */
export function LedgerPage() {
  const { t } = useTranslation('curate/ledger')
  const id = Number(route.useParams().runId)
  const { data: ledger, error, refetch } = useQuery(ledgerQuery(id))
  return (
    <Page
      title={t('title')}
      dataset={ledger?.dataset.id}
      padded
      crumbs={
        ledger && (
          <>
            <Crumb label={t('runs')} to={`/model/${ledger.dataset.id}`} />
            <Crumb label={ledger.run.name} to={`/runs/${id}`} />
          </>
        )
      }
      tabs={ledger && <Lead ledger={ledger} />}
      actions={ledger && <Actions ledger={ledger} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!ledger && !error && <RoutePending />}
      {ledger && (isIteration(ledger) ? <Body ledger={ledger} /> : <FirstOfLine ledger={ledger} />)}
    </Page>
  )
}

const isIteration = ({ before, gains }: Ledger) => before !== null || gains.control !== null

function Lead({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('curate/ledger')
  const { before, control_of, time } = ledger
  const earlier = ledger.earlier.filter(({ id }) => id !== before?.id)
  const told = earlier.length < ledger.earlier.length
  const parts = [
    control_of && (
      <Fragment key="control">
        {t('isControlOf')} <PathLink href={`/runs/${control_of.id}/ledger`}>{control_of.name}</PathLink>
      </Fragment>
    ),
    before && (
      <Fragment key="before">
        {t('from')} <PathLink href={`/runs/${before.id}${told ? '/ledger' : ''}`}>{before.name}</PathLink>
      </Fragment>
    ),
    earlier.length > 0 && (
      <Fragment key="earlier">
        {t('earlier')}{' '}
        {earlier.map((one, place) => (
          <Fragment key={one.id}>
            {place > 0 && ', '}
            <PathLink href={`/runs/${one.id}/ledger`}>{one.name}</PathLink>
          </Fragment>
        ))}
      </Fragment>
    ),
    time.started_at && time.finished_at && (
      <Fragment key="time">{span(time.started_at, time.finished_at)}</Fragment>
    ),
  ].filter(Boolean)
  return (
    <span className="hd-dim">
      {parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts stand in their order
        <Fragment key={place}>
          {place > 0 && ' · '}
          {part}
        </Fragment>
      ))}
    </span>
  )
}

/** Both moments; of one day only the time of the later. */
function span(first: string, last: string): string {
  const isOneDay = new Date(first).toDateString() === new Date(last).toDateString()
  return `${dateTime(first)} – ${isOneDay ? clock(last).slice(0, 5) : dateTime(last)}`
}

function Actions({ ledger }: { ledger: Ledger }) {
  const { t, i18n } = useTranslation('curate/ledger')
  const language = i18n.language === 'ko' ? 'ko' : 'en'
  const { id } = ledger.run
  return (
    <>
      <Button component="a" href={address(`runs/${id}/ledger/file`, {})} download>
        {t('downloadJson')}
      </Button>
      <Button component="a" href={address(`runs/${id}/ledger/report`, { language, download: 1 })} download>
        {t('downloadHtml')}
      </Button>
      <NextStep ledger={ledger} />
    </>
  )
}

/** The one button that leads on; nothing while something is under way. */
function NextStep({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('curate/ledger')
  const compare = useCompareWithControl()
  const reviews = useMay(ledger.dataset.id, 'reviewer')
  const manages = useMay(ledger.dataset.id, 'manager')
  const { step, link } = ledger.next
  const pair = ledger.gains.control?.pair
  if (step === 'compare' && pair)
    return (
      <OffButton
        variant="filled"
        off={!reviews && t('reviewersOnly')}
        loading={compare.isPending}
        onClick={() => compare.mutate(pair, { onError: toastProblem })}
      >
        {t('next.compare')}
      </OffButton>
    )
  if (step === 'train_control' && !manages) return null
  return (
    <Button component={PathLink} href={link} variant={step === 'wait' ? 'default' : 'filled'}>
      {t(`next.${step}`)}
    </Button>
  )
}

function Body({ ledger }: { ledger: Ledger }) {
  return (
    <div className={classes.page}>
      <Gains ledger={ledger} />
      <TimeBar time={ledger.time} />
      <Timeline ledger={ledger} />
    </div>
  )
}

function FirstOfLine({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('curate/ledger')
  const manages = useMay(ledger.dataset.id, 'manager')
  return (
    <EmptyState
      icon={<IconNotebook size={34} stroke={1.3} />}
      title={t('first')}
      action={
        manages && (
          <Button
            component={PathLink}
            variant="filled"
            href={`/model/${ledger.dataset.id}/new?parent=${ledger.run.id}`}
          >
            {t('trainMore')}
          </Button>
        )
      }
    >
      {t('firstWhat')}
    </EmptyState>
  )
}
