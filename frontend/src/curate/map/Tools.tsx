import { ActionIcon, Tooltip } from '@mantine/core'
import { IconHandStop, IconLasso, IconMaximize } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Tool } from './core'
import classes from './MapPage.module.css'

type Props = { tool: Tool; setTool: (tool: Tool) => void; whole: () => void }

/** What a drag does, at the left edge of the map. */
export function Tools({ tool, setTool, whole }: Props) {
  const { t } = useTranslation('curate/map')
  const buttons = [
    { key: 'move' as const, Icon: IconHandStop, keys: 'V' },
    { key: 'lasso' as const, Icon: IconLasso, keys: 'D' },
  ]
  return (
    <div className={classes.tools} role="toolbar" aria-label={t('tool.label')}>
      {buttons.map(({ key, Icon, keys }) => (
        <Tooltip key={key} label={`${t(`tool.${key}`)} (${keys})`} position="right">
          <ActionIcon aria-label={t(`tool.${key}`)} aria-pressed={tool === key} onClick={() => setTool(key)}>
            <Icon size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      ))}
      <Tooltip label={`${t('action.whole')} (0)`} position="right">
        <ActionIcon aria-label={t('action.whole')} onClick={whole}>
          <IconMaximize size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
