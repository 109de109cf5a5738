import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, SeenObject } from '../../api/types'
import { KeyCaps } from '../../ui/KeyCaps'
import { OffButton } from '../../ui/OffButton'
import classes from './Compare.module.css'
import type { Option } from './compare'

type Props = {
  object: SeenObject
  options: readonly Option[]
  named: ReadonlyMap<number, DatasetClass>
  /** Undefined: not answered here. */
  chosen: number | null | undefined
  answer: (classId: number | null) => void
  left: number
  last: boolean
  send: () => void
  pending: boolean
}

/** The question, its answers with their keys, and the way on. */
export function AnswerButtons(props: Props) {
  const { object, options, named, chosen, answer, left, last, send, pending } = props
  const { t } = useTranslation('label/quality')
  return (
    <div className={classes.answers}>
      <h2>{t(object.question ? `compare.question_${object.question}` : 'compare.agreed')}</h2>
      {options.map(({ key, classId }) => (
        <Button key={key} aria-pressed={chosen === classId} onClick={() => answer(classId)}>
          {classId === null ? t('compare.nothing') : named.get(classId)?.name}
          <span className={classes.key} aria-hidden>
            <KeyCaps keys={key} />
          </span>
        </Button>
      ))}
      <span className={classes.way}>
        {left > 0 && <span className="hd-dim">{t('compare.left', { count: left })}</span>}
        <OffButton
          variant="filled"
          off={left > 0 && t('compare.left', { count: left })}
          loading={pending}
          onClick={send}
        >
          {t(last ? 'compare.saveLast' : 'compare.save')}
          <span className={classes.key} aria-hidden>
            <KeyCaps keys="mod+enter" />
          </span>
        </OffButton>
      </span>
    </div>
  )
}
