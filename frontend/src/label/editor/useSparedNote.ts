import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '../../ui/toast'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'

/** Says that a change has left locked boxes as they are. */
export function useSparedNote(editor: Editor): void {
  const { t } = useTranslation('label')
  const spared = useEditor(editor, (state) => state.spared)
  useEffect(() => {
    if (spared.times > 0) toast(t('spared', { count: spared.count }))
  }, [spared, t])
}
