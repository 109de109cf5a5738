import { Button, SegmentedControl } from '@mantine/core'
import { IconCheck, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../accounts/queries'
import type { DatasetClass, ReviewRound } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { count, personName } from '../../ui/format'
import { KeyCaps } from '../../ui/KeyCaps'
import { Time } from '../../ui/Time'
import panel from '../editor/SidePanel.module.css'
import type { BoxChange } from './changes'
import { IssueRow } from './IssueRow'
import classes from './Review.module.css'
import { openOf, type Review } from './useReview'

type Named = ReadonlyMap<number, DatasetClass>
type Props = { review: Review; task: number; named: Named }

/** Why it came back, what was changed, what is to be looked at, and the verdict. */
export function ReviewPart({ review, task, named }: Props) {
  const { asked } = review
  const { rounds, issues } = review.data
  if (!asked && issues.length === 0 && rounds.length === 0) return null
  return (
    <div className={classes.review}>
      <SentBack rounds={rounds} />
      {asked && <Changes review={review} named={named} />}
      <Issues review={review} task={task} />
      {review.reviewing && <Verdict review={review} />}
      {review.own && <OwnWork />}
      <AtIt review={review} />
      {rounds.length > 0 && <History rounds={rounds} />}
    </div>
  )
}

/** The reason stands first while the task is the labeller's again. */
function SentBack({ rounds }: { rounds: readonly ReviewRound[] }) {
  const { t } = useTranslation('label')
  const last = rounds.at(-1)
  if (last?.verdict !== 'sent_back') return null
  return (
    <div className={classes.back} role="status">
      <strong>{t('review.sentBackBy', { name: personName(last.reviewer), number: last.number })}</strong>
      <p>{last.reason || t('review.seeIssues')}</p>
    </div>
  )
}

function Changes({ review, named }: { review: Review; named: Named }) {
  const { t } = useTranslation('label')
  const { changes, looked } = review
  const seen = changes.filter(({ id }) => looked.has(id)).length
  return (
    <section className={panel.part} aria-label={t('review.changes')}>
      <header>
        <h2>{t('review.changes')}</h2>
        <span className="hd-num hd-dim">
          {changes.length > 0 && t('review.seen', { seen: count(seen), total: count(changes.length) })}
        </span>
      </header>
      {review.data.sent_back_boxes && (
        <SegmentedControl
          mx={10}
          mb={4}
          size="xs"
          aria-label={t('review.against')}
          value={review.against}
          onChange={(value) => review.setAgainst(value as Review['against'])}
          data={[
            { value: 'start', label: t('review.sinceStart') },
            { value: 'sent_back', label: t('review.sinceSentBack') },
          ]}
        />
      )}
      {changes.length === 0 ? (
        <p className={panel.none}>{t('review.noChanges')}</p>
      ) : (
        <>
          <ul className={panel.list}>
            {changes.map((change) => (
              <li key={change.id}>
                <ChangeRow change={change} review={review} named={named} />
              </li>
            ))}
          </ul>
          <p className={classes.hint}>
            <span>
              <KeyCaps keys="w" /> {t('review.nextHint')}
            </span>
            <span>
              <KeyCaps keys="\" /> {t('review.beforeHint')}
            </span>
          </p>
        </>
      )}
    </section>
  )
}

type ChangeProps = { change: BoxChange; review: Review; named: Named }

function ChangeRow({ change, review, named }: ChangeProps) {
  const { t } = useTranslation('label')
  const { before, after } = change
  const shown = review.change === change.id
  return (
    <>
      <button type="button" className={panel.row} aria-pressed={shown} onClick={() => review.lookAt(change)}>
        <span className={classes.facets}>
          {change.facets.map((facet) => t(`review.facet.${facet}`)).join(', ')}
        </span>
        {before && after && before.class_id !== after.class_id && (
          <>
            <ClassName of={named.get(before.class_id)} />
            <span aria-hidden>→</span>
          </>
        )}
        <ClassName of={named.get((after ?? before)?.class_id ?? -1)} />
        <span className={classes.tick} title={t('review.looked')}>
          {review.looked.has(change.id) && <IconCheck size={13} aria-label={t('review.looked')} />}
        </span>
      </button>
      {shown && (
        <div className={classes.detail}>
          {change.attributes.map(({ name, before: was, after: is }) => (
            <p key={name}>
              {name}: <del>{String(was ?? '–')}</del> → <ins>{String(is ?? '–')}</ins>
            </p>
          ))}
          {review.reviewing && (
            <Button size="compact-xs" onClick={review.host.newIssue}>
              {t('review.notFine')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}

function Issues({ review, task }: { review: Review; task: number }) {
  const { t } = useTranslation('label')
  const { issues } = review.data
  const open = openOf(issues).length
  return (
    <section id="issues" tabIndex={-1} className={panel.part} aria-label={t('review.issues')}>
      <header>
        <h2>{t('review.issues')}</h2>
        <span className="hd-num hd-dim" role="status">
          {issues.length > 0 &&
            (open > 0 ? t('review.openIssues', { count: open }) : t('review.allResolved'))}
        </span>
        <Button size="compact-xs" leftSection={<IconPlus size={13} />} onClick={review.host.newIssue}>
          {t('review.newIssue')}
        </Button>
      </header>
      {issues.length > 0 && (
        <ul className={panel.list}>
          {issues.map((issue, index) => (
            <li key={issue.id}>
              <IssueRow issue={issue} number={index + 1} review={review} task={task} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Verdict({ review }: { review: Review }) {
  const { t } = useTranslation('label')
  return (
    <div className={classes.verdict}>
      <Button size="xs" variant="filled" onClick={review.pass} rightSection={<KeyCaps keys="mod+enter" />}>
        {t('review.pass')}
      </Button>
      <Button size="xs" onClick={review.host.sendBack} rightSection={<KeyCaps keys="mod+backspace" />}>
        {t('review.sendBack')}
      </Button>
    </div>
  )
}

/** Another reviewer has it: one may look and decide all the same, but should know. */
function AtIt({ review }: { review: Review }) {
  const { t } = useTranslation('label')
  const me = useMe()
  const { held } = review.data
  if (!held || held.person.id === me.id) return null
  return <p className={panel.none}>{t('review.atIt', { name: personName(held.person) })}</p>
}

function OwnWork() {
  const { t } = useTranslation('label')
  return <p className={panel.none}>{t('review.own')}</p>
}

function History({ rounds }: { rounds: readonly ReviewRound[] }) {
  const { t } = useTranslation('label')
  return (
    <details className={classes.history}>
      <summary>{t('review.rounds', { count: rounds.length })}</summary>
      <ol>
        {rounds.map((one) => (
          <li key={one.number} value={one.number}>
            {t('review.handedIn', { name: personName(one.handed_in_by) })} <Time at={one.handed_in_at} />
            <br />
            {t(`review.verdict.${one.verdict}`, { name: personName(one.reviewer) })}{' '}
            {one.decided_at && <Time at={one.decided_at} />}
            {one.mended && <> · {t('review.mended')}</>}
            {one.reason && <p>{one.reason}</p>}
          </li>
        ))}
      </ol>
    </details>
  )
}
