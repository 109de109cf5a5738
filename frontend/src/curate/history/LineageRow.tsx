import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RunStep, Worth } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { Delta } from '../../ui/Figure'
import { dateTime } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import { toastProblem } from '../../ui/toast'
import { useChanges } from './changes'
import classes from './History.module.css'
import { useCompareStep } from './queries'
import type { Row } from './rows'
import { ROW_HEIGHT } from './Tree'

type Props = {
  row: Row
  /** The run that measures this one, the newest where there are several. */
  control: RunStep | undefined
  project: number
  active: boolean
  enter: () => void
  leave: () => void
}

/** A run's name and marks, what changed on the way to it, and what that was worth. */
export function LineageRow({ row, control, project, active, enter, leave }: Props) {
  const changes = useChanges(row)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: highlights its points; the links inside do the same by focus
    <div
      className={classes.row}
      style={{ height: ROW_HEIGHT }}
      data-row={row.name}
      data-active={active || undefined}
      onMouseEnter={enter}
      onMouseLeave={leave}
      onFocus={enter}
      onBlur={leave}
    >
      <div className={classes.what}>
        <div className={classes.name}>
          <Name row={row} />
          {row.run && <Marks run={row.run} />}
        </div>
        <div className={classes.changes} title={changes.all}>
          {changes.short}
        </div>
      </div>
      {row.run && <Worths run={row.run} control={control} project={project} />}
    </div>
  )
}

function Name({ row }: { row: Row }) {
  const newest = row.evaluations[0]
  const href =
    row.kind === 'run' ? `/runs/${row.key.slice(4)}` : newest ? `/evaluations/${newest.id}` : undefined
  return href ? (
    <PathLink href={href} title={`${row.name}\n${dateTime(row.at)}`}>
      {row.name}
    </PathLink>
  ) : (
    <span title={row.name}>{row.name}</span>
  )
}

function Marks({ run }: { run: RunStep }) {
  const { t } = useTranslation('curate/history')
  return (
    <>
      {run.control_of && <span className={classes.tag}>{t('controlOf', { name: run.control_of.name })}</span>}
      {run.repeat_of && (
        <span className={classes.tag} title={t('repeatWhat', { name: run.repeat_of.name })}>
          {t('repeat', { seed: run.seed })}
        </span>
      )}
      {run.state !== 'succeeded' && <StateMark state={run.state} />}
    </>
  )
}

/** The step from the run before; and, of a run that was measured, what it has over its control. */
function Worths({ run, control, project }: { run: RunStep; control?: RunStep; project: number }) {
  const { t } = useTranslation('curate/history')
  return (
    <div className={classes.worth}>
      {run.step && (
        <span title={t('stepWhat', { a: run.before?.name, b: run.name })}>
          <WorthOf worth={run.step} run={run} project={project} a={run.before?.name ?? ''} b={run.name} />
        </span>
      )}
      {control?.gain && (
        <span title={t('gainWhat', { a: control.name, b: run.name })}>
          <span className="hd-faint">{t('overControl')} </span>
          <WorthOf worth={control.gain} run={run} project={project} a={control.name} b={run.name} />
        </span>
      )}
    </div>
  )
}

/** The difference with its verdict, as a way to its comparison; a button where there is none yet. */
function WorthOf({
  worth,
  run,
  project,
  a,
  b,
}: {
  worth: Worth
  run: RunStep
  project: number
  a: string
  b: string
}) {
  const { t } = useTranslation('curate/history')
  const compare = useCompareStep(project)
  const may = useMay(run.dataset, 'reviewer')
  const { comparison, pair } = worth
  if (comparison?.delta)
    return (
      <PathLink href={`/comparisons/${comparison.id}`} className={classes.delta}>
        <Delta {...comparison.delta} />
      </PathLink>
    )
  if (comparison && (comparison.state === 'queued' || comparison.state === 'running'))
    return <StateMark state={comparison.state} />
  if (!pair) return <span className="hd-faint">{t('noPair')}</span>
  if (!may) return <span className="hd-faint">{t('notCompared')}</span>
  return (
    <Button
      size="compact-xs"
      aria-label={t('compareStep', { a, b })}
      loading={compare.isPending}
      onClick={() => compare.mutate(pair, { onError: toastProblem })}
    >
      {t('compare')}
    </Button>
  )
}
