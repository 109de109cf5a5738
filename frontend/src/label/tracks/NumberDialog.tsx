import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import type { TrackId } from './track'

type Props = {
  what: 'rename' | 'merge'
  track: TrackId
  /** All tracks of the sequence. */
  others: readonly TrackId[]
  /** Frames, counted from 1, in which both have a box. */
  clashing: (other: TrackId) => readonly number[]
  send: (other: TrackId) => void
  close: () => void
}

/** Asks for a track's new number, or for the track that it is one with. */
export function NumberDialog({ what, track, others, clashing, send, close }: Props) {
  const { t } = useTranslation('label')
  const [text, setText] = useState('')
  const typed = text.trim()
  const other = others.find((one) => String(one) === typed)
  const wrong = () => {
    if (typed === '' || String(track) === typed) return ''
    if (what === 'rename') return other === undefined ? '' : t('tracks.taken', { track: typed })
    if (other === undefined) return t('tracks.unknown', { track: typed })
    const [frame] = clashing(other)
    return frame === undefined ? '' : t('tracks.clash', { frame: count(frame) })
  }
  const given = other ?? (/^\d{1,15}$/.test(typed) ? Number(typed) : typed)
  return (
    <FormDialog
      title={t(`tracks.${what}Title`, { track })}
      verb={t(what === 'rename' ? 'tracks.renameVerb' : 'tracks.mergeVerb')}
      close={close}
      ready={typed !== '' && String(track) !== typed && wrong() === ''}
      pending={false}
      send={() => {
        send(given)
        close()
      }}
    >
      <TextInput
        label={t(what === 'rename' ? 'tracks.newNumber' : 'tracks.otherNumber')}
        value={text}
        error={wrong()}
        maxLength={60}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
