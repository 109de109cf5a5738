import { useTranslation } from 'react-i18next'
import type { RunBrief, RunDetail } from '../api/types'
import { Facts } from '../ui/Facts'
import { dateTime, duration, personName } from '../ui/format'
import { PathLink } from '../ui/PathLink'
import { Section } from '../ui/Section'
import classes from './RunPage.module.css'

/** Who, when, from what, and every setting. */
export function RunFacts({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const { kept, new: added, dropped } = run.class_mapping ?? { kept: [], new: [], dropped: [] }
  return (
    <div>
      <Section title={t('facts')}>
        <Facts
          of={{
            [t('baseline')]: run.baseline,
            [t('ancestors')]: run.ancestors?.length > 0 && <Runs of={run.ancestors} />,
            [t('controlOfFact')]: run.control_of && <Runs of={[run.control_of]} />,
            [t('controls')]: run.controls?.length > 0 && <Runs of={run.controls} />,
            [t('children')]: run.children?.length > 0 && <Runs of={run.children} />,
            [t('revision')]: (
              <PathLink href={`/datasets/${run.dataset}/revisions/${run.revision}`}>{run.revision}</PathLink>
            ),
            [t('seed')]: run.seed,
            [t('devices')]: run.devices !== null && run.devices,
            [t('classes')]: run.classes.join(', '),
            [t('classesKept')]: added.length + dropped.length > 0 && kept.length > 0 && kept.join(', '),
            [t('classesNew')]: kept.length > 0 && added.join(', '),
            [t('classesDropped')]: kept.length > 0 && dropped.join(', '),
            [t('by')]: personName(run.created_by),
            [t('started')]: run.started_at && dateTime(run.started_at),
            [t('took')]: run.seconds !== null && duration(run.seconds),
          }}
        />
      </Section>
      <Section title={t('settings')}>
        <dl className={classes.settings}>
          {Object.entries(run.settings).map(([name, value]) => (
            <div key={name} title={t(`setting.${name}`, { defaultValue: '' })}>
              <dt>{name}</dt>
              <dd>{String(value)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </div>
  )
}

function Runs({ of }: { of: RunBrief[] }) {
  return of.map((run, index) => (
    <span key={run.id}>
      {index > 0 && ', '}
      <PathLink href={`/runs/${run.id}`}>{run.name}</PathLink>
    </span>
  ))
}
