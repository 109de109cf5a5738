import { Group, Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { BoxForm, ImportReport } from '../../api/types'
import classes from './ImportView.module.css'

type Props = {
  questions: NonNullable<ImportReport['questions']>
  answer: BoxForm | undefined
  onAnswer: (form: BoxForm) => void
}

/** What the files do not tell. Nothing is chosen beforehand: what it looks like is said, not assumed. */
export function Questions({ questions, answer, onAnswer }: Props) {
  const { t } = useTranslation('dataset/imports')
  return (
    <fieldset className={classes.questions}>
      <legend>{t('whichBoxes')}</legend>
      <ul>
        {questions.map((one) => (
          <li key={one.file} title={one.text}>
            {t(`looksLike.${one.likely}`, { file: one.file })}
          </li>
        ))}
      </ul>
      <Radio.Group
        aria-label={t('whichBoxes')}
        value={answer ?? null}
        onChange={(value) => onAnswer(value as BoxForm)}
      >
        <Group gap={18}>
          {questions[0]!.choices.map((value) => (
            <Radio key={value} value={value} label={t(`boxForm.${value}`)} />
          ))}
        </Group>
      </Radio.Group>
    </fieldset>
  )
}
