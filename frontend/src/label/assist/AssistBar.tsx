import { ActionIcon, Button, Slider } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import { KeyCaps } from '../../ui/KeyCaps'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import classes from './AssistBar.module.css'
import { GHOSTS, setThreshold } from './keys'
import { SourceState } from './SourceState'
import { ghostsOf, liveOffer, NO_ASSIST } from './state'
import { takeAllGhosts } from './taking'
import type { Assist } from './useAssist'

type Props = {
  editor: Editor
  assist: Assist
  named: ReadonlyMap<number, DatasetClass>
  batch: number
  dataset: number | undefined
}

/** While a tool is in hand that the detector helps: what it offers, and what the keys do. */
export function AssistBar({ editor, assist, named, batch, dataset }: Props) {
  const { t } = useTranslation('label/assist')
  const tool = useEditor(editor, (state) => state.tool)
  if (tool !== 'click' && tool !== 'fill') return null
  const answered = assist.answer.data !== undefined
  return (
    <section className={classes.bar} aria-label={t(`tool.${tool}`)} data-wide={tool === 'fill' || undefined}>
      {!answered && <SourceState assist={assist} batch={batch} dataset={dataset} />}
      {answered && tool === 'click' && <ClickState editor={editor} named={named} />}
      {answered && tool === 'fill' && <FillState editor={editor} />}
      <ActionIcon size={22} aria-label={t('leave')} onClick={() => editor.setTool('select')}>
        <IconX size={14} />
      </ActionIcon>
    </section>
  )
}

function ClickState({ editor, named }: Pick<Props, 'editor' | 'named'>) {
  const { t } = useTranslation('label/assist')
  const live = useEditor(editor, liveOffer)
  const missed = useEditor(editor, (state) => state.assist.missed)
  const offer = live?.offers[live.at]
  if (!live || !offer) return <p role="status">{t(missed ? 'click.missed' : 'click.how')}</p>
  return (
    <>
      <p role="status" className={classes.offer}>
        <ClassName of={named.get(offer.class_id)} />
        <span className="hd-num hd-dim">{offer.score.toFixed(2)}</span>
        <span className="hd-dim">{t('click.place', { at: live.at + 1, of: live.offers.length })}</span>
      </p>
      <span className={classes.keys}>
        {live.offers.length > 1 && (
          <span>
            <KeyCaps keys="tab" /> {t('click.next')}
          </span>
        )}
        <span>
          <KeyCaps keys="escape" /> {t('click.back')}
        </span>
      </span>
    </>
  )
}

function FillState({ editor }: Pick<Props, 'editor'>) {
  const { t } = useTranslation('label/assist')
  const from = useEditor(editor, (state) => state.look.ghostsFrom)
  const shown = useEditor(editor, ghostsOf).length
  const refused = useEditor(editor, (state) => state.assist.refused)
  return (
    <>
      <span className={classes.threshold}>
        <span>{t('fill.from')}</span>
        <Slider
          size="xs"
          className={classes.slider}
          min={GHOSTS.min}
          max={GHOSTS.max}
          step={GHOSTS.step}
          label={null}
          value={from}
          onChange={(value) => setThreshold(editor, value)}
          thumbLabel={t('fill.from')}
        />
        <span className="hd-num">{from.toFixed(2)}</span>
      </span>
      <p role="status">{shown > 0 ? t('fill.shown', { count: shown }) : t('fill.none')}</p>
      {refused.size > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => editor.setAssist({ refused: NO_ASSIST.refused })}
        >
          {t('fill.refused', { count: refused.size })}
        </Button>
      )}
      {shown > 0 && (
        <>
          <span className={classes.keys}>
            <span>
              <KeyCaps keys="a" /> {t('fill.take')}
            </span>
            <span>
              <KeyCaps keys="r" /> {t('fill.refuse')}
            </span>
          </span>
          <Button
            size="compact-xs"
            variant="filled"
            rightSection={<KeyCaps keys="enter" />}
            onClick={() => takeAllGhosts(editor)}
          >
            {t('fill.all', { n: count(shown) })}
          </Button>
        </>
      )}
    </>
  )
}
