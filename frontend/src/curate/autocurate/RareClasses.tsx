import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { Facts } from '../../ui/Facts'
import { count } from '../../ui/format'
import { Section } from '../../ui/Section'
import { Picks } from './Picks'
import classes from './Picks.module.css'
import { Shortfall } from './Shortfall'
import { ClassTable, type ToLabelReport, ValueTable } from './ToLabel'

export type RareClassesReport = Pick<
  ToLabelReport,
  'images' | 'looked_at' | 'measure' | 'by_reason' | 'left_out' | 'classes' | 'strata' | 'sequences' | 'short'
> & { asked: number[]; showing: number; prediction_set: number | null }

/** The best images of rare classes: what they bring beside what is there, then each with its reason, in order. */
export function RareClasses({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const report = run.report as unknown as RareClassesReport
  const asked = new Set(report.asked)
  const heads: [string, string, string] = [t('rare.there'), t('rare.chosen'), t('rare.offered')]
  return (
    <div className={classes.parts}>
      <div>
        <RareFacts run={run} report={report} />
        <Section title={t('rare.images', { n: count(report.images) })} note={t('rare.inOrder')}>
          <Picks run={run} none={t('rare.none')} nearest={t('rare.nearest')} />
        </Section>
      </div>
      <div>
        <ClassTable
          run={run}
          rows={report.classes.filter((row) => asked.has(row.class_id))}
          note={t('rare.note')}
          heads={heads}
        />
        {report.strata.map(({ key, values }) => (
          <ValueTable key={key} field={key} rows={values} heads={heads} />
        ))}
      </div>
    </div>
  )
}

function RareFacts({ run, report }: { run: AutoCurateDetail; report: RareClassesReport }) {
  const { t } = useTranslation('curate/autocurate')
  const known = useClasses(run.dataset)
  const { left_out, looked_at, sequences } = report
  return (
    <Section title={t('choice')}>
      <Shortfall short={report.short} />
      <Facts
        of={{
          [t('rare.asked')]: (
            <span className={classes.names}>
              {report.asked.map((one) => (
                <ClassName key={one} of={known.get(one)} />
              ))}
            </span>
          ),
          [t('chosenFrom')]: t('rare.chosenOf', {
            n: count(report.images),
            showing: count(report.showing),
            pool: count(looked_at.images),
            labelled: count(looked_at.labelled),
          }),
          [t('chosenBy')]: [
            report.prediction_set !== null && t('byCheckpoint'),
            t(`byMeasure.${report.measure}`),
          ]
            .filter(Boolean)
            .join(', '),
          [t('sequencesChosen')]:
            sequences.sequences > 0 &&
            t('sequencesOf', { n: count(sequences.sequences), most: count(sequences.most) }),
          [t('leftOut')]: t('leftOutOf', {
            duplicates: count(left_out.near_duplicate),
            sequence: count(left_out.sequence),
          }),
        }}
      />
    </Section>
  )
}
