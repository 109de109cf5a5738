import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { KeyCaps } from '../../ui/KeyCaps'
import { codesFrom, recentFirst } from '../canvas/classKeys'
import type { Editor } from '../canvas/editor'
import { useEditor } from '../canvas/useEditor'
import classes from './ClassCodes.module.css'

type Props = { editor: Editor; all: DatasetClass[]; keyOfClass: ReadonlyMap<number, string> }

/** While a class's code is being typed: what the next stroke gives. */
export function ClassCodes({ editor, all, keyOfClass }: Props) {
  const { t } = useTranslation('label')
  const chord = useEditor(editor, (state) => state.chord)
  const recent = useEditor(editor, (state) => state.recent)
  if (chord === null) return null
  const rest = new Map(codesFrom(keyOfClass, chord).map((one) => [one.id, one.rest]))
  const shown = recentFirst(all, recent).filter(({ id }) => rest.has(id))
  return (
    <section className={classes.codes} aria-label={t('codes.title')}>
      <header>
        <KeyCaps keys={['0', ...chord].join(' ')} />
        <span>{shown.length > 0 ? t('codes.next') : t('codes.none')}</span>
      </header>
      <ul>
        {shown.map((one) => (
          <li key={one.id}>
            <KeyCaps keys={[...(rest.get(one.id) ?? '')].join(' ')} />
            <ClassName of={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}
