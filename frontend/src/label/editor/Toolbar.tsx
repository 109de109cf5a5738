import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMinimize,
  IconBook,
  IconBrush,
  IconCopyPlus,
  IconEraser,
  IconHandStop,
  IconMaximize,
  IconMessageCircle,
  IconPointer,
  IconPolygon,
  IconRotateRectangle,
  IconSparkles,
  IconSquarePlus,
  IconTag,
  IconTrash,
  IconWand,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { KeyCaps } from '../../ui/KeyCaps'
import type { ActionContext } from '../canvas/actions/action'
import { actionById } from '../canvas/actions/list'
import type { EditorState } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import { LookButton } from './LookButton'
import classes from './Toolbar.module.css'

const TOOLS = {
  select: IconPointer,
  draw: IconSquarePlus,
  polygon: IconPolygon,
  turned: IconRotateRectangle,
  brush: IconBrush,
  erase: IconEraser,
  click: IconWand,
  fill: IconSparkles,
  pan: IconHandStop,
}
const BOXES = {
  classes: IconTag,
  tighten: IconArrowsMinimize,
  duplicate: IconCopyPlus,
  delete: IconTrash,
  undo: IconArrowBackUp,
  redo: IconArrowForwardUp,
}
const VIEW = { fit: IconMaximize, zoom_in: IconZoomIn, zoom_out: IconZoomOut }

/** Tools and the few actions that a hand on the mouse reaches for; everything has a key as well. */
export function Toolbar({ context }: { context: ActionContext }) {
  const { t } = useTranslation('label')
  return (
    <div className={classes.bar} role="toolbar" aria-orientation="vertical" aria-label={t('tools')}>
      <Part context={context} icons={TOOLS} pressed={(state) => state.tool} />
      <Part context={context} icons={BOXES} />
      <Part context={context} icons={VIEW} />
      <div className={classes.part}>
        <LookButton context={context} />
        <ToolButton id="comments" Icon={IconMessageCircle} context={context} />
        <ToolButton id="instructions" Icon={IconBook} context={context} />
      </div>
    </div>
  )
}

type PartProps = {
  context: ActionContext
  icons: Record<string, typeof IconPointer>
  pressed?: (state: EditorState) => string
}

function Part({ context, icons, pressed }: PartProps) {
  const current = useEditor(context.editor, pressed ?? none)
  return (
    <div className={classes.part}>
      {Object.entries(icons).map(([id, Icon]) => (
        <ToolButton key={id} id={id} Icon={Icon} context={context} pressed={pressed && current === id} />
      ))}
    </div>
  )
}

const none = () => ''

type ButtonProps = { id: string; Icon: typeof IconPointer; context: ActionContext; pressed?: boolean }

function ToolButton({ id, Icon, context, pressed }: ButtonProps) {
  const { t } = useTranslation('label')
  const action = actionById(id)
  const enabled = useEditor(context.editor, () => action.enabled(context))
  const label = t(`action.${id}`)
  return (
    <Tooltip label={<Tip label={label} keys={action.keys[0]} />} position="right">
      <ActionIcon
        size={32}
        className={classes.button}
        aria-label={label}
        aria-pressed={pressed}
        // Not `disabled`: the key and the tip stay known while there is nothing to do.
        aria-disabled={!enabled || undefined}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => enabled && action.perform(context)}
      >
        <Icon size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

function Tip({ label, keys }: { label: string; keys: string | undefined }) {
  return (
    <span className={classes.tip}>
      {label}
      {keys && <KeyCaps keys={keys} />}
    </span>
  )
}
