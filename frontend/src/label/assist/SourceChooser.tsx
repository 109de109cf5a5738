import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { toastProblem } from '../../ui/toast'
import classes from './AssistPart.module.css'
import { type AssistSource, endpointsQuery, useChooseSource } from './queries'
import { NotReady } from './SourceState'
import { useCheckpointChoices } from './useCheckpointChoices'

const NEWEST = 'newest'

type Props = { batch: Batch; source: AssistSource; mayChoose: boolean }

/** Which checkpoint or endpoint is asked; for reviewers and above. */
export function SourceChooser({ batch, source, mayChoose }: Props) {
  const { t } = useTranslation('label/assist')
  const choose = useChooseSource(batch.id)
  const checkpoints = useCheckpointChoices(batch.dataset, mayChoose)
  const endpoints = useQuery({ ...endpointsQuery(batch.dataset), enabled: mayChoose }).data ?? []
  const set = (value: string | null) => {
    const [kind, id] = (value ?? NEWEST).split(' ')
    choose.mutate(kind === NEWEST ? {} : { [kind ?? '']: Number(id) }, { onError: toastProblem })
  }
  const notReady = source.kind === null || source.readiness !== 'ready'
  return (
    <div className={classes.source}>
      {mayChoose && (
        <Select
          w={340}
          label={t('choose.label')}
          description={t('choose.note')}
          data={[
            {
              value: NEWEST,
              label: source.chosen ? t('choose.newest') : t('choose.newestIs', { name: source.name || '–' }),
            },
            {
              group: t('choose.checkpoints'),
              items: checkpoints.map(({ id, name }) => ({ value: `checkpoint ${id}`, label: name })),
            },
            {
              group: t('choose.endpoints'),
              items: endpoints.map(({ id, name }) => ({ value: `endpoint ${id}`, label: name })),
            },
          ]}
          value={source.chosen ? `${source.kind} ${source.id}` : NEWEST}
          allowDeselect={false}
          disabled={choose.isPending}
          onChange={set}
          searchable
        />
      )}
      {notReady && <NotReady source={source} batch={batch.id} dataset={batch.dataset} />}
    </div>
  )
}
