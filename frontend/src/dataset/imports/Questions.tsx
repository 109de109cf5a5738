import { Group, Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ImportAnswers, ImportQuestion } from '../../api/types'
import classes from './ImportView.module.css'

type Props = {
  questions: ImportQuestion[]
  answers: ImportAnswers
  onAnswer: (answers: ImportAnswers) => void
}

/** How each kind of question is asked, and where the words of its choices stand. */
const ASKED = {
  box_form: { title: 'whichBoxes', choices: 'boxForm' },
  class_numbers: { title: 'whichNumbers', choices: 'classNumbers' },
} as const

/** What the files do not tell. Nothing is chosen beforehand: what it looks like is said, not assumed. */
export function Questions({ questions, answers, onAnswer }: Props) {
  return kindsOf(questions).map((kind) => (
    <Question
      key={kind}
      kind={kind}
      questions={questions.filter((one) => one.kind === kind)}
      answer={answers[kind]}
      onAnswer={(value) => onAnswer({ ...answers, [kind]: value })}
    />
  ))
}

/** The kinds of questions that are asked, each once. */
export function kindsOf(questions: ImportQuestion[]): ImportQuestion['kind'][] {
  return [...new Set(questions.map((one) => one.kind))]
}

type OneProps = {
  kind: ImportQuestion['kind']
  questions: ImportQuestion[]
  answer: string | undefined
  onAnswer: (value: string) => void
}

function Question({ kind, questions, answer, onAnswer }: OneProps) {
  const { t } = useTranslation('dataset/imports')
  const words = ASKED[kind]
  return (
    <fieldset className={classes.questions}>
      <legend>{t(words.title)}</legend>
      <ul>
        {questions.map((one) => (
          <li key={`${one.file} ${one.likely}`} title={one.text}>
            {t(`looksLike.${one.likely as 'xyxy'}`, { file: one.file })}
          </li>
        ))}
      </ul>
      <Radio.Group aria-label={t(words.title)} value={answer ?? null} onChange={onAnswer}>
        <Group gap={18}>
          {questions[0]!.choices.map((value) => (
            <Radio key={value} value={value} label={t(`${words.choices}.${value}` as 'boxForm.xyxy')} />
          ))}
        </Group>
      </Radio.Group>
    </fieldset>
  )
}
