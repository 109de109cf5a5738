import { useTranslation } from 'react-i18next'
import { useActions } from '../../ui/actions'
import type { ActionContext } from '../canvas/actions/action'
import { ACTIONS } from '../canvas/actions/list'

/** Lends the editor's actions to the palette and the shortcut sheet; their keys the editor listens for itself. */
export function useEditorActions(context: ActionContext): void {
  const { t } = useTranslation('label')
  useActions(
    ACTIONS.map((action) => ({
      id: `label.${action.id}`,
      label: t(`action.${action.id}`),
      group: t(`group.${action.group}`),
      keys: action.keys[0],
      bound: false,
      hidden: /^(nudge|grow)_/.test(action.id) || action.id === 'escape',
      perform: () => {
        if (action.enabled(context)) action.perform(context)
      },
    })),
  )
}
