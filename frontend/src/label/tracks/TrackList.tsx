import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import { KeyCaps } from '../../ui/KeyCaps'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import panel from '../editor/SidePanel.module.css'
import { clashes, removed, renamed } from './edits'
import { NumberDialog } from './NumberDialog'
import { nextTrack, onTrack, type TrackFacts, type TrackId, tracksOf } from './track'
import type { Sequence } from './useSequence'

type Named = ReadonlyMap<number, DatasetClass>
type Props = { sequence: Sequence; editor: Editor; named: Named }
type Asking = { what: 'rename' | 'merge'; track: TrackId }

/** Every track of the sequence: where it is, its gaps, and what can be done to all of it. */
export function TrackList({ sequence, editor, named }: Props) {
  const { t } = useTranslation('label')
  const [asking, setAsking] = useState<Asking | null>(null)
  const tracks = tracksOf(sequence.frames)
  const ghosts = useEditor(editor, (state) => state.ghosts.length)
  return (
    <section className={panel.part} style={{ flex: 'none', maxHeight: '30%' }} aria-label={t('tracks.title')}>
      <header>
        <h2>{t('tracks.title')}</h2>
        <span className="hd-num hd-dim">{count(tracks.length)}</span>
      </header>
      {tracks.length === 0 && <p className={panel.none}>{t('tracks.none')}</p>}
      {ghosts > 0 && (
        <p className={panel.none}>
          <KeyCaps keys="y" /> {t('tracks.ghosts', { count: ghosts })} <KeyCaps keys="j" /> {t('tracks.fill')}
        </p>
      )}
      <ul className={panel.list}>
        {tracks.map((one) => (
          <li key={String(one.track)}>
            <TrackRow of={one} {...{ sequence, editor, named, ask: setAsking }} />
          </li>
        ))}
      </ul>
      {asking && (
        <NumberDialog
          key={`${asking.what} ${asking.track}`}
          {...asking}
          others={tracks.map(({ track }) => track)}
          clashing={(other) =>
            clashes(sequence.frames, asking.track, other).map((at) => sequence.data.first + at + 1)
          }
          send={(other) => sequence.change((frames) => renamed(frames, asking.track, other))}
          close={() => setAsking(null)}
        />
      )}
    </section>
  )
}

type RowProps = Props & { of: TrackFacts; ask: (asking: Asking) => void }

function TrackRow({ of: one, sequence, editor, named, ask }: RowProps) {
  const { t } = useTranslation('label')
  const { frames, at, data, goTo, change } = sequence
  const here = onTrack(frames[at], one.track)
  const selected = useEditor(editor, (state) => here !== undefined && state.selection.includes(here.id))
  const [first, last] = [data.first + one.first + 1, data.first + one.last + 1]
  const gap = one.gaps.find(({ from }) => from > at) ?? one.gaps[0]
  return (
    <div style={{ display: 'flex', alignItems: 'center' }}>
      <button
        type="button"
        className={panel.row}
        aria-pressed={selected}
        onClick={() => (here ? editor.reveal(here.id) : goTo(nearest(one, at)))}
      >
        <span className="hd-num">#{one.track}</span>
        <span className={panel.grow}>
          <ClassName of={named.get(one.class_id)} />
        </span>
        <span className="hd-num hd-faint">
          {count(first)}–{count(last)}
        </span>
        {one.gaps.length > 0 && (
          <span className="hd-num" style={{ color: 'var(--hd-warn)' }}>
            {t('tracks.gaps', { count: one.gaps.length })}
          </span>
        )}
      </button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="sm" aria-label={t('tracks.more', { track: one.track })}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => goTo(one.first)}>{t('tracks.first')}</Menu.Item>
          <Menu.Item onClick={() => goTo(one.last)}>{t('tracks.last')}</Menu.Item>
          <Menu.Item disabled={!gap} onClick={() => gap && goTo(gap.from)}>
            {t('tracks.gap')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => ask({ what: 'rename', track: one.track })}>
            {t('tracks.rename')}
          </Menu.Item>
          <Menu.Item onClick={() => ask({ what: 'merge', track: one.track })}>{t('tracks.merge')}</Menu.Item>
          <Menu.Item
            disabled={at <= one.first || at > one.last}
            onClick={() => change((now) => renamed(now, one.track, nextTrack(now), at))}
          >
            {t('tracks.split')}
          </Menu.Item>
          <Menu.Item color="red" onClick={() => change((now) => removed(now, one.track))}>
            {t('tracks.remove', { count: one.boxes })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

/** The end of the track that is nearer to a place outside it. */
function nearest({ first, last }: TrackFacts, at: number): number {
  return at < first || at - first < last - at ? first : last
}
