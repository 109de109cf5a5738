import { Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { fileName } from '../../canvas/fileName'
import { count } from '../../ui/format'
import { OffIcon } from '../../ui/OffButton'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import classes from './FrameStrip.module.css'
import { isKey, onTrack, type TrackId, trackOf } from './track'
import type { Sequence } from './useSequence'

/** Frames shown on each side of the open one. */
const BESIDE = 8

/** The frames around the open one as pictures, and where it stands in the sequence. */
export function FrameStrip({ sequence, editor }: { sequence: Sequence; editor: Editor }) {
  const { t } = useTranslation('label')
  const { data, frames, at, host, goTo } = sequence
  const track = useEditor(editor, () => trackOfSelection(editor))
  const from = Math.max(0, Math.min(at - BESIDE, frames.length - 2 * BESIDE - 1))
  const shown = data.frames.slice(from, from + 2 * BESIDE + 1)
  const place = t('tracks.place', { at: count(data.first + at + 1), total: count(data.total) })
  return (
    <nav className={classes.strip} aria-label={t('tracks.frames')}>
      <div className={classes.line}>
        <Tooltip label={t('action.previous_frame')}>
          <OffIcon
            size="sm"
            aria-label={t('action.previous_frame')}
            off={!host.hasPrevious && t('ui:off.first')}
            onClick={host.previous}
          >
            <IconChevronLeft size={15} />
          </OffIcon>
        </Tooltip>
        <span className="hd-num">{place}</span>
        <Tooltip label={t('action.next_frame')}>
          <OffIcon
            size="sm"
            aria-label={t('action.next_frame')}
            off={!host.hasNext && t('ui:off.last')}
            onClick={host.next}
          >
            <IconChevronRight size={15} />
          </OffIcon>
        </Tooltip>
        <input
          type="range"
          min={0}
          max={frames.length - 1}
          defaultValue={at}
          key={at}
          aria-label={t('tracks.frames')}
          aria-valuetext={place}
          onPointerUp={(event) => goTo(Number(event.currentTarget.value))}
          onKeyUp={(event) => event.key === 'Enter' && goTo(Number(event.currentTarget.value))}
        />
        <span className={classes.name}>{data.sequence}</span>
      </div>
      <ol className={classes.frames}>
        {shown.map((frame, step) => (
          <li key={frame.task}>
            <button
              type="button"
              tabIndex={-1}
              aria-current={from + step === at ? 'true' : undefined}
              aria-label={fileName(frame.image.key)}
              data-state={frame.state}
              onClick={() => goTo(from + step)}
            >
              <img src={frame.image.thumb.replace(/size=\d+/, 'size=160')} alt="" loading="lazy" />
              <span className="hd-num">{data.first + from + step + 1}</span>
              {track !== null && <TrackDot frame={frames[from + step]} track={track} />}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** Whether the selected track has a box in a frame: drawn, computed, or none. */
function TrackDot({ frame, track }: { frame: Sequence['frames'][number] | undefined; track: TrackId }) {
  const { t } = useTranslation('label')
  const box = onTrack(frame, track)
  const kind = box ? (isKey(box) ? 'key' : 'computed') : 'none'
  return <i className={classes.dot} data-kind={kind} title={t(`tracks.dot.${kind}`)} />
}

function trackOfSelection(editor: Editor): TrackId | null {
  const [box] = editor.selectedBoxes()
  return box ? trackOf(box) : null
}
