import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '../../ui/toast'
import { masksLost } from '../canvas/boxShapes'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'

/** Says what cannot be seen on the picture: that locked boxes were left as they are, and what a key has switched. */
export function useEditorNotes(editor: Editor): void {
  const { t } = useTranslation('label')
  const spared = useEditor(editor, (state) => state.spared)
  useEffect(() => {
    if (spared.times > 0) toast(t('spared', { count: spared.count }))
  }, [spared, t])
  useMaskNote(editor)
  useSwitchNote(editor, 'keepView')
  useSwitchNote(editor, 'snap')
  useSwitchNote(editor, 'plain')
}

/** A mask cannot follow its box: whoever moves one is told that it is gone, and that undo brings it back. */
function useMaskNote(editor: Editor): void {
  const { t } = useTranslation('label')
  const document = useEditor(editor, (state) => state.document)
  const seen = useRef(document)
  useEffect(() => {
    const steps = seen.current.past.length
    seen.current = document
    const last = document.past.at(-1)
    if (!last || document.past.length <= steps || last.name === 'box_only') return
    const lost = masksLost(last.before, document.now)
    if (lost > 0) toast(t('masksLost', { count: lost }))
  }, [document, t])
}

function useSwitchNote(editor: Editor, name: 'keepView' | 'snap' | 'plain'): void {
  const { t } = useTranslation('label')
  const on = useEditor(editor, (state) => state.look[name])
  const open = useEditor(editor, (state) => state.lookOpen)
  const told = useRef(on)
  useEffect(() => {
    if (told.current === on) return
    told.current = on
    if (!open) toast(t(`switched.${name}.${on ? 'on' : 'off'}`))
  }, [on, open, name, t])
}
