import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { toast } from '../../ui/toast'
import type { TaskHost } from '../canvas/actions/action'
import { firstIncomplete } from '../canvas/attributes'
import type { Editor } from '../canvas/editor'
import { focusAttributes } from './places'

/** The host whose "done" first looks whether every box has what its class requires, and else leads to the one that lacks. */
export function useCompleteFirst(
  host: TaskHost,
  editor: Editor,
  named: ReadonlyMap<number, DatasetClass>,
): TaskHost {
  const { t } = useTranslation('label')
  return useMemo(() => {
    const finish = () => {
      const found = firstIncomplete(editor.schema, editor.content)
      if (!found) return host.finish()
      editor.reveal(found.box.id)
      toast(
        t('attribute.lacks', {
          name: named.get(found.box.class_id)?.name ?? '',
          names: found.names.join(', '),
        }),
      )
      focusAttributes()
    }
    return { ...host, finish }
  }, [host, editor, named, t])
}
