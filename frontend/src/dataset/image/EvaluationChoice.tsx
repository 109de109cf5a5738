import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { get } from '../../api/client'
import type { Evaluation, Page } from '../../api/types'
import { LETTER } from '../../ui/colours'
import classes from './ImagePage.module.css'

/** Which evaluation's verdicts are drawn over the image. */
export function EvaluationChoice({ dataset, evaluation }: { dataset: number; evaluation: number | null }) {
  const { t } = useTranslation('dataset/image')
  const navigate = useNavigate()
  const { data } = useQuery({
    queryKey: ['evaluations', 'names', dataset],
    queryFn: ({ signal }) => get<Page<Evaluation>>(`datasets/${dataset}/evaluations`, { limit: 100 }, signal),
    select: (page) =>
      page.items.filter(({ state }) => state === 'succeeded').map(({ id, name }) => ({ id, name })),
  })
  if (!data?.length) return null
  const choose = (id: string | null) => {
    const search = (was: Record<string, unknown>) => ({ ...was, evaluation: id ? Number(id) : undefined })
    void navigate({ to: '.', search: search as never, replace: true })
  }
  return (
    <section className={classes.part}>
      <Select
        label={t('verdictsOf')}
        placeholder={t('none')}
        clearable
        data={data.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={evaluation === null ? null : String(evaluation)}
        onChange={choose}
      />
      {evaluation !== null && (
        <p className="hd-dim" style={{ marginTop: 6, fontSize: 12 }}>
          {(['tp', 'fp', 'fn'] as const)
            .map((verdict) => `${LETTER[verdict]} ${t(`verdict.${verdict}`)}`)
            .join(' · ')}
        </p>
      )}
    </section>
  )
}
