import { Button, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { duration } from '../../ui/format'
import { problemText } from '../../ui/ProblemNote'
import type { Autosave, SaveStatus } from '../autosave'
import classes from './TaskLine.module.css'

/** Saving is silent; this says in a few words where it is, and loudly only when it does not work. */
export function SaveNote({ autosave }: { autosave: Autosave }) {
  const status = useSyncExternalStore(autosave.subscribe, () => autosave.status)
  const { t } = useTranslation('ui')
  const [text, long] = useText(status)
  const urgent = status.phase === 'offline' || status.phase === 'refused'
  return (
    <span className={classes.note} data-phase={status.phase} role={urgent ? 'alert' : undefined}>
      {status.phase === 'offline' && <IconCloudOff size={15} aria-hidden />}
      {status.phase === 'refused' && <IconAlertTriangle size={15} aria-hidden />}
      <Tooltip label={long} multiline maw={360} disabled={!urgent}>
        <span className={classes.words}>{text}</span>
      </Tooltip>
      {urgent && (
        <Button size="compact-xs" onClick={() => void autosave.save()}>
          {t('tryAgain')}
        </Button>
      )}
    </span>
  )
}

/** In a few words for the line, and in full for who wants to know. */
function useText(status: SaveStatus): [string, string] {
  const { t } = useTranslation('label')
  const { t: ui } = useTranslation('ui')
  const now = useSecond(status.phase === 'saved' || status.phase === 'offline')
  if (status.phase === 'saved') {
    if (status.at === null) return ['', '']
    const seconds = Math.max(0, Math.round((now - status.at) / 1000))
    const text = seconds < 1 ? t('save.now') : t('save.ago', { time: duration(seconds) })
    return [text, text]
  }
  if (status.phase === 'offline') {
    const time = duration(Math.max(0, Math.ceil((status.retryAt - now) / 1000)))
    return [t('save.offlineShort', { time }), t('save.offline', { time })]
  }
  if (status.phase === 'refused') {
    const { title, detail } = problemText(status.problem, ui)
    return [t('save.refusedShort'), t('save.refused', { why: detail || title })]
  }
  const text = t(`save.${status.phase}`)
  return [text, text]
}

function useSecond(running: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [running])
  return now
}
