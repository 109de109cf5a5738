import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useDataset, useSlices } from '../dataset/queries'
import { runsQuery } from '../dataset/runs/queries'
import { Crumb } from '../page/Crumb'
import { Page } from '../page/Page'
import { RoutePending } from '../page/RoutePending'
import { ProblemNote } from '../ui/ProblemNote'
import { draftFromParent, draftOfControl, emptyDraft, type RunDraft } from './draft'
import { baselinesQuery, checkpointsQuery, runQuery } from './queries'
import { RunForm } from './RunForm'

const route = getRouteApi('/framed/model/$datasetId/new')

/** Train: anew, with more data from a parent, or as the control of a run. */
export function NewRunPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const { parent: parentId, control_of, slice, validation } = route.useSearch()
  const dataset = useDataset(id)
  const slices = useSlices(id)
  const baselines = useQuery(baselinesQuery(dataset.data?.project))
  const checkpoints = useQuery(checkpointsQuery(id))
  const measured = useQuery({ ...runQuery(control_of ?? 0), enabled: !!control_of }).data
  const followed = parentId ?? measured?.parent?.id
  const parent = useQuery({ ...runQuery(followed ?? 0), enabled: !!followed }).data
  const runs = useQuery(runsQuery(id))
  const error = dataset.error ?? slices.error ?? baselines.error ?? checkpoints.error
  const waits =
    !slices.data ||
    !baselines.data ||
    !runs.data ||
    !checkpoints.data ||
    (control_of && !measured) ||
    (followed && !parent)
  const title = t(control_of ? 'trainControl' : parentId ? 'trainMore' : 'train')
  const first = (): RunDraft => {
    if (measured) return draftOfControl(measured, parent, t('controlName', { name: measured.name }))
    if (parent) return draftFromParent(parent, t('nextName', { name: parent.name }), slice)
    return {
      ...emptyDraft(slice, t('proposedName', { n: (runs.data?.items.length ?? 0) + 1 })),
      validationSlice: validation ?? null,
    }
  }
  return (
    <Page title={title} dataset={id} crumbs={<Crumb label={t('tabs.runs')} to={`/model/${id}`} />}>
      {error && <ProblemNote error={error} />}
      {waits ? (
        !error && <RoutePending />
      ) : (
        <RunForm
          key={`${parentId}-${control_of}`}
          dataset={id}
          first={first()}
          baselines={baselines.data ?? []}
          checkpoints={checkpoints.data ?? []}
          slices={slices.data ?? []}
          parent={parent}
          controlOf={measured}
        />
      )}
    </Page>
  )
}
