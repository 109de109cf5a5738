import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { useBatch } from '../queries'
import { GoldSection } from './GoldSection'
import { OwnMarks } from './OwnMarks'
import { PeopleTable } from './PeopleTable'
import classes from './Quality.module.css'
import { figuresQuery } from './queries'
import { ReportSection, StepsSection } from './ReportSection'
import { RestOfWork } from './RestOfWork'
import { SeveralSection } from './SeveralSection'

/** Who works on a batch, how fast, how surely, how far people agree, and where the time goes. */
export function QualityPage() {
  const { t } = useTranslation('label/quality')
  const id = Number(useParams({ strict: false }).batchId)
  const batch = useBatch(id)
  const figures = useQuery(figuresQuery(id))
  const problem = batch.error ?? figures.error
  const crumbs = batch.data && (
    <>
      <Crumb label={t('batches')} to={`/label/${batch.data.dataset}`} />
      <Crumb label={batch.data.name} to={`/batches/${id}`} />
    </>
  )
  return (
    <Page title={t('title')} dataset={batch.data?.dataset} crumbs={crumbs} padded={Boolean(problem)}>
      {problem ? (
        <>
          <ProblemNote error={problem} />
          {figures.error && <OwnMarks batch={id} />}
        </>
      ) : (
        <div className={classes.page}>
          <RestOfWork batch={id} />
          <PeopleTable people={figures.data?.people} />
          <SeveralSection batch={id} agreement={figures.data?.agreement} />
          {batch.data && <GoldSection batch={batch.data} figures={figures.data} />}
          <div className={classes.columns}>
            <ReportSection batch={id} />
            <StepsSection steps={figures.data?.steps} />
          </div>
        </div>
      )}
    </Page>
  )
}
