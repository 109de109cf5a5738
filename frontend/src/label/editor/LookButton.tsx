import { ActionIcon, Checkbox, Popover, Slider, Tooltip } from '@mantine/core'
import { IconSunHigh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { percent } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import type { ActionContext } from '../canvas/actions/action'
import type { Look } from '../canvas/editor'
import { isToned, TONES } from '../canvas/tone'
import { useEditor } from '../canvas/useEditor'
import classes from './LookButton.module.css'
import toolbar from './Toolbar.module.css'

const SHOWN = ['boxes', 'names', 'suggestions', 'predictions', 'snap', 'keepView'] as const

const UNTONED = { brightness: 1, contrast: 1, gamma: 1, plain: false }

/** How the picture is looked at; the labels know nothing of it. */
export function LookButton({ context: { editor } }: { context: ActionContext }) {
  const { t } = useTranslation('label')
  const look = useEditor(editor, (state) => state.look)
  const opened = useEditor(editor, (state) => state.lookOpen)
  const changed = isToned(look)
  return (
    <Popover position="right-start" trapFocus opened={opened} onChange={(open) => editor.openLook(open)}>
      <Popover.Target>
        <Tooltip label={t('look.title')} position="right">
          <ActionIcon
            size={32}
            className={toolbar.button}
            aria-label={t('look.title')}
            aria-pressed={(changed && !look.plain) || undefined}
            onClick={() => editor.openLook(!opened)}
          >
            <IconSunHigh size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown data-own-keys className={classes.panel}>
        {TONES.map((tone) => (
          <Tone key={tone} tone={tone} look={look} set={(part) => editor.setLook(part)} />
        ))}
        <OffButton
          size="compact-xs"
          off={!changed && t('ui:off.unchanged')}
          onClick={() => editor.setLook(UNTONED)}
        >
          {t('look.reset')}
        </OffButton>
        <Checkbox
          label={t('look.plain')}
          checked={look.plain}
          disabled={!changed}
          onChange={(event) => editor.setLook({ plain: event.currentTarget.checked })}
        />
        <div className={classes.shown}>
          {SHOWN.filter((one) => one !== 'predictions' || editor.predictions.length > 0).map((one) => (
            <Checkbox
              key={one}
              label={t(`look.${one}`)}
              checked={look[one]}
              onChange={(event) => editor.setLook({ [one]: event.currentTarget.checked })}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

type ToneProps = { tone: (typeof TONES)[number]; look: Look; set: (look: Partial<Look>) => void }

function Tone({ tone, look, set }: ToneProps) {
  const { t } = useTranslation('label')
  return (
    <div>
      <div className={classes.tone}>
        <span id={`tone-${tone}`}>{t(`look.${tone}`)}</span>
        <span className="hd-num hd-dim">{percent(look[tone])}</span>
      </div>
      <Slider
        size="xs"
        min={0.2}
        max={3}
        step={0.05}
        label={null}
        value={look[tone]}
        onChange={(value) => set({ [tone]: value })}
        aria-labelledby={`tone-${tone}`}
      />
    </div>
  )
}
