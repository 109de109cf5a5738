import { useTranslation } from 'react-i18next'
import type { DatasetClass, SeenObject } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import classes from './Compare.module.css'
import type { Chosen } from './compare'

type Props = {
  seen: readonly SeenObject[]
  named: ReadonlyMap<number, DatasetClass>
  chosen: Chosen
  at: number
  go: (place: number) => void
}

/** All objects of the image: which are in question, what was answered, which is shown. */
export function ObjectButtons({ seen, named, chosen, at, go }: Props) {
  const { t } = useTranslation('label/quality')
  return (
    <ul className={classes.objects} aria-label={t('compare.objects')}>
      {seen.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an object is its place in the comparison
        <li key={place}>
          <button
            type="button"
            aria-current={place === at}
            data-open={(one.question && !(place in chosen)) || undefined}
            onClick={() => go(place)}
          >
            <Outcome of={one} answer={place in chosen ? chosen[place] : undefined} named={named} />
          </button>
        </li>
      ))}
    </ul>
  )
}

type OutcomeProps = { of: SeenObject; answer: number | null | undefined; named: Props['named'] }

function Outcome({ of, answer, named }: OutcomeProps) {
  const { t } = useTranslation('label/quality')
  if (answer === undefined && of.question) return t(`compare.question_${of.question}`)
  const classId = answer === undefined ? (of.keep ? of.class_id : null) : answer
  return classId === null ? t('compare.nothing') : <ClassName of={named.get(classId)} />
}
