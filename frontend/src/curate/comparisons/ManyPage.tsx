import { Button, Menu } from '@mantine/core'
import { IconPlus, IconScale } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison, Evaluation, EvaluationDetail } from '../../api/types'
import { useDataset } from '../../dataset/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { CLASS_PALETTE } from '../../ui/colours'
import { toCsv } from '../../ui/csv'
import { EmptyState } from '../../ui/EmptyState'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast, toastProblem } from '../../ui/toast'
import { comparisonsWithQuery, evaluationQuery, evaluationsQuery } from '../evaluations/queries'
import { Computing, useMissing } from './Computing'
import { EvaluationChoices } from './EvaluationChoices'
import { FigureTable } from './FigureTable'
import { figureRows, figuresCsv } from './figureRows'
import classes from './ManyPage.module.css'
import { type CurveAddress, OverlaidCurves, type Side } from './OverlaidCurves'
import { readOf, unlike } from './of'
import { sideName } from './sides'
import { UnlikeInputs } from './UnlikeInputs'

const REFERENCE = '#9a9a96'

/** Several evaluations beside each other, the first as the reference. All of it is in the address. */
export function ManyPage() {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const search = useSearch({ strict: false }) as CurveAddress & { of?: unknown }
  const navigate = useNavigate()
  const ids = readOf(search.of)
  const set = (part: object) =>
    void navigate({
      to: '.',
      search: ((was: object) => ({ ...was, ...part })) as never,
      replace: true,
      resetScroll: false,
    })
  const setIds = (next: readonly number[]) => set({ of: next.join(',') })
  const answers = useQueries({ queries: ids.map(evaluationQuery) })
  const failed = answers.find(({ error }) => error)
  const found = answers.map(({ data }) => data).filter((one) => one !== undefined)
  const dataset = found[0]?.dataset
  const strange = found.some((one) => one.dataset !== dataset)
  return (
    <Page
      title={t('compare.many', { count: ids.length })}
      dataset={dataset}
      padded
      crumbs={
        dataset && (
          <Crumb label={t('curate/evaluations:tabs.evaluations')} to={`/curate/${dataset}/evaluations`} />
        )
      }
      actions={dataset && <Add dataset={dataset} ids={ids} setIds={setIds} />}
    >
      {failed && <ProblemNote error={failed.error} retry={() => void failed.refetch()} />}
      {strange && <p className="hd-dim">{t('compare.otherDataset')}</p>}
      {ids.length < 2 && <TooFew dataset={dataset} />}
      {ids.length >= 2 && found.length === ids.length && !strange && (
        <Body evaluations={found} setIds={setIds} address={search} set={set} />
      )}
    </Page>
  )
}

function TooFew({ dataset }: { dataset: number | undefined }) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  return (
    <EmptyState
      icon={<IconScale size={34} stroke={1.3} />}
      title={t('compare.tooFew')}
      action={
        dataset && (
          <Button variant="filled" component={PathLink} href={`/curate/${dataset}/evaluations`}>
            {t('curate/evaluations:tabs.evaluations')}
          </Button>
        )
      }
    >
      {t('compare.tooFewWhat')}
    </EmptyState>
  )
}

type BodyProps = {
  evaluations: EvaluationDetail[]
  setIds: (ids: readonly number[]) => void
} & Pick<Parameters<typeof OverlaidCurves>[0], 'address' | 'set'>

function Body({ evaluations, setIds, address, set }: BodyProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const reference = evaluations[0]!
  const { dataset } = reference
  const { data } = useQuery(comparisonsWithQuery(dataset, reference.id))
  const comparisons = useMemo(
    () => new Map((data?.items ?? []).map((one): [number, Comparison] => [one.b.id, one])),
    [data],
  )
  const known = useDataset(dataset).data?.classes
  const rows = useMemo(() => figureRows(known ?? []), [known])
  const missing = useMissing(evaluations, data && comparisons)
  const sides = useSides(evaluations)
  const copy = () =>
    navigator.clipboard
      .writeText(toCsv(figuresCsv(rows, evaluations, comparisons)))
      .then(() => toast(t('compare.copied')), toastProblem)
  return (
    <div className={classes.parts}>
      <UnlikeInputs evaluations={evaluations} of={unlike(evaluations, comparisons)} setIds={setIds} />
      <Computing dataset={dataset} missing={missing} copy={copy} />
      <FigureTable {...{ rows, evaluations, comparisons, setIds }} looks={sides.map(({ look }) => look)} />
      <OverlaidCurves sides={sides.filter((_, at) => evaluations[at]?.figures)} {...{ address, set }} />
    </div>
  )
}

/** The reference is a grey dashed line, the others have colours of their own. */
function useSides(evaluations: EvaluationDetail[]): Side[] {
  const shape = evaluations.map(({ id, figures }) => `${id}${Boolean(figures)}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: finished evaluations never change
  return useMemo(
    () =>
      evaluations.map((evaluation, at) => ({
        evaluation,
        look: {
          name: sideName(evaluation),
          colour: at === 0 ? REFERENCE : CLASS_PALETTE[(at - 1) % CLASS_PALETTE.length]!,
          dashed: at === 0,
          own: true,
        },
      })),
    [shape],
  )
}

type AddProps = { dataset: number; ids: number[]; setIds: (ids: readonly number[]) => void }

/** Another evaluation of the dataset beside those that are there. */
function Add({ dataset, ids, setIds }: AddProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const others = useQuery(evaluationsQuery(dataset)).data?.items.filter(
    (one: Evaluation) => one.figures && !ids.includes(one.id),
  )
  return (
    <Menu position="bottom-end" width={340}>
      <Menu.Target>
        <OffButton leftSection={<IconPlus size={15} />} off={!others?.length && t('ui:off.noOther')}>
          {t('compare.add')}
        </OffButton>
      </Menu.Target>
      <EvaluationChoices evaluations={others} name={sideName} choose={(one) => setIds([...ids, one.id])} />
    </Menu>
  )
}
