import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ImageVerdicts } from '../../api/types'
import { LETTER } from '../../ui/colours'
import classes from './ImagePage.module.css'
import { verdictsQuery } from './queries'

/** What evaluations say of the image: their verdicts counted. The one that is chosen is drawn; again lets it go. */
export function Evaluations({ image, evaluation }: { image: number; evaluation: number | null }) {
  const { t } = useTranslation('dataset/image')
  const navigate = useNavigate()
  const { data } = useQuery(verdictsQuery(image))
  if (!data?.length) return null
  const choose = (id: number) => {
    const next = id === evaluation ? undefined : id
    const search = (was: Record<string, unknown>) => ({ ...was, evaluation: next })
    void navigate({ to: '.', search: search as never, replace: true })
  }
  return (
    <section className={classes.part} aria-label={t('evaluations')}>
      <h2>{t('evaluations')}</h2>
      <ul className={classes.boxes}>
        {data.map((one) => (
          <li key={one.evaluation}>
            <button
              type="button"
              className={classes.judged}
              aria-pressed={one.evaluation === evaluation}
              onClick={() => choose(one.evaluation)}
            >
              <span className={classes.name}>{one.name}</span>
              <Verdicts of={one} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Verdicts({ of }: { of: ImageVerdicts }) {
  const { t } = useTranslation('dataset/image')
  return (
    <span className={`hd-num ${classes.verdicts}`}>
      {(['tp', 'fp', 'fn'] as const).map((kind) => (
        <span key={kind} style={{ color: `var(--hd-${kind})` }} title={t(`verdict.${kind}`)}>
          {LETTER[kind]} {of[kind]}
        </span>
      ))}
    </span>
  )
}
