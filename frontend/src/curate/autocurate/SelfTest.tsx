import { SegmentedControl, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, SelfTestCut, SelfTestResult } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { Section } from '../../ui/Section'
import { toastProblem } from '../../ui/toast'
import { Pending } from '../evaluations/Pending'
import { selfTestQuery, useTestFinder } from './queries'
import classes from './SelfTest.module.css'
import { ClassTable, KindTable } from './SelfTestTables'
import { shareWithEnds } from './shares'

/** Errors planted in a copy of the labels, and which of them the finder finds: a button, then its result. */
export function SelfTest({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const { data: test } = useQuery(selfTestQuery(run.id))
  if (!test) return null
  const busy = test.state === 'queued' || test.state === 'running'
  const failed = test.state === 'failed' || test.state === 'cancelled'
  return (
    <Section
      title={t('selfTest.title')}
      note={t('selfTest.note')}
      actions={!busy && <Ask run={run} again={test.result !== null} />}
    >
      {(busy || failed) && <Pending state={test.state ?? 'failed'} job={test.job} />}
      {test.result ? (
        <Result run={run} result={test.result} />
      ) : (
        !busy && <p className="hd-dim">{t('selfTest.what')}</p>
      )}
    </Section>
  )
}

function Ask({ run, again }: { run: AutoCurateDetail; again: boolean }) {
  const { t } = useTranslation('curate/autocurate')
  const start = useTestFinder(run.id)
  const manages = useMay(run.dataset, 'manager')
  const [retrain, setRetrain] = useState(false)
  const [hard, setHard] = useState(false)
  const trained = run.params.prediction_set === undefined || run.params.prediction_set === null
  return (
    <div className={classes.ask}>
      {trained && manages && (
        <Switch
          label={t('selfTest.retrain')}
          checked={retrain}
          onChange={(event) => setRetrain(event.currentTarget.checked)}
        />
      )}
      {manages && (
        <Switch
          label={t('selfTest.hard')}
          checked={hard}
          onChange={(event) => setHard(event.currentTarget.checked)}
        />
      )}
      <OffButton
        variant={again ? 'default' : 'filled'}
        off={!manages && t('ui:off.manager')}
        title={manages ? undefined : t('selfTest.forManagers')}
        loading={start.isPending}
        onClick={() => start.mutate({ retrain, hard }, { onError: toastProblem })}
      >
        {t(again ? 'selfTest.again' : 'selfTest.start')}
      </OffButton>
    </div>
  )
}

function Result({ run, result }: { run: AutoCurateDetail; result: SelfTestResult }) {
  const { t } = useTranslation('curate/autocurate')
  const [at, setAt] = useState('0')
  const cut = result.cuts[Number(at)] ?? result.cuts[0]
  if (!cut) return null
  return (
    <>
      <p className={classes.lead}>
        <Lead cut={cut} />
      </p>
      <SegmentedControl
        aria-label={t('selfTest.cut')}
        value={at}
        onChange={setAt}
        data={result.cuts.map((one, place) => ({
          value: String(place),
          label: `${cutName(t, one)} · ${t('selfTest.looks', { count: one.looks, n: count(one.looks) })}`,
        }))}
      />
      <div className={classes.tables}>
        <KindTable cut={cut} />
        <ClassTable dataset={run.dataset} cut={cut} />
      </div>
      <p className={classes.rules}>
        {t('selfTest.rules', { images: count(result.images), unknown: count(cut.unknown) })}{' '}
        {t(result.hard ? 'selfTest.worst' : 'selfTest.best')}{' '}
        {t(result.retrain ? 'selfTest.retrained' : 'selfTest.flatters')}
      </p>
    </>
  )
}

type Translate = (key: string, values?: Record<string, unknown>) => string

function cutName(t: Translate, cut: SelfTestCut): string {
  return cut.by === 'minutes'
    ? t('selfTest.byMinutes', { n: count(cut.value) })
    : t('selfTest.byScore', { score: cut.value })
}

/** "Finds 62 % [55, 69] of the wrong classes among the first 300 looks": of the kind that was planted most. */
function Lead({ cut }: { cut: SelfTestCut }) {
  const { t } = useTranslation('curate/autocurate')
  const kinds = cut.found.filter(({ kind, whole }) => kind !== null && whole > 0)
  const most = kinds.sort((a, b) => b.whole - a.whole)[0]
  const all = cut.found.find(({ kind }) => kind === null)
  if (!most?.kind || !all) return null
  return t('selfTest.lead', {
    share: shareWithEnds(most),
    kind: t(`selfTest.kinds.${most.kind}`),
    all: shareWithEnds(all),
    looks: count(cut.looks),
  })
}
