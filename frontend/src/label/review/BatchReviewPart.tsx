import { Button, NumberInput, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, BatchReview, PersonReview } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { count, number, percent, personName } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { type Column, Table } from '../../ui/Table'
import { toastProblem } from '../../ui/toast'
import classes from './BatchReviewPart.module.css'
import { batchReviewQuery, useChangeBatchReview } from './queries'

/** What of the batch was reviewed, what that found, and what it says of the rest; and how much is reviewed. */
export function BatchReviewPart({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label')
  const may = useMay(batch.dataset, 'reviewer')
  const manages = useMay(batch.dataset, 'manager')
  const owns = useMay(batch.dataset, 'owner')
  const { data } = useQuery({ ...batchReviewQuery(batch.id), enabled: may && batch.review })
  if (!may || !batch.review || !data) return null
  return (
    <details className={classes.part}>
      <summary>
        <strong>{t('review.title')}</strong> <Summary of={data} />
      </summary>
      <p className="hd-dim">
        {data.share < 1
          ? t('review.sampled', { share: percent(data.share), seed: data.seed })
          : t('review.everyTask')}
      </p>
      {data.people.length > 0 && <People batch={batch} of={data} manages={manages} />}
      {manages && <Share batch={batch} of={data} owns={owns} />}
    </details>
  )
}

function Summary({ of: { total, errors_left: left } }: { of: BatchReview }) {
  const { t } = useTranslation('label')
  const handed = count(total.handed_in)
  const unreviewed = count(total.unreviewed)
  const found =
    total.reviewed > 0 && total.interval
      ? t('review.found', {
          handed,
          reviewed: count(total.reviewed),
          wrong: count(total.wrong),
          rate: percent(total.wrong / total.reviewed, 1),
          low: percent(total.interval.low, 1),
          high: percent(total.interval.high, 1),
        })
      : t('review.foundNone', { handed })
  const rest = left
    ? t('review.left', {
        unreviewed,
        expected: number(left.expected),
        low: number(left.low),
        high: number(left.high),
      })
    : t('review.leftUnknown', { unreviewed })
  return (
    <span>
      {found} {total.unreviewed > 0 && rest}
    </span>
  )
}

type PeopleProps = { batch: Batch; of: BatchReview; manages: boolean }

function People({ batch, of, manages }: PeopleProps) {
  const { t } = useTranslation('label')
  const change = useChangeBatchReview(batch.id)
  const set = (person: number, share: number | null) =>
    change.mutate({ people: [{ person, share, earlier: share !== null }] }, { onError: toastProblem })
  const columns: Column<PersonReview>[] = [
    { key: 'person', head: t('review.person'), cell: ({ person }) => personName(person) },
    { key: 'handed', head: t('review.handedCol'), numeric: true, cell: (one) => count(one.handed_in) },
    { key: 'reviewed', head: t('review.reviewedCol'), numeric: true, cell: (one) => count(one.reviewed) },
    { key: 'wrong', head: t('review.wrongCol'), numeric: true, cell: (one) => count(one.wrong) },
    { key: 'rate', head: t('review.rateCol'), numeric: true, cell: (one) => <Rate of={one} /> },
    { key: 'rest', head: t('review.unreviewedCol'), numeric: true, cell: (one) => count(one.unreviewed) },
    { key: 'share', head: t('review.shareCol'), numeric: true, cell: (one) => percent(one.share) },
  ]
  const button = ({ person, set_share }: PersonReview) =>
    person && (
      <Button
        size="compact-xs"
        title={t('review.intoReview')}
        onClick={() => set(person.id, set_share === null ? 1 : null)}
      >
        {set_share === null ? t('review.reviewAll', { name: personName(person) }) : t('review.asBatch')}
      </Button>
    )
  if (manages) columns.push({ key: 'set', head: '', cell: button })
  return (
    <Table
      label={t('review.title')}
      columns={columns}
      rows={of.people}
      rowKey={(one) => one.person?.id ?? 0}
    />
  )
}

function Rate({ of: { wrong, reviewed, interval } }: { of: PersonReview }) {
  if (!interval || reviewed === 0) return '–'
  return (
    <>
      {percent(wrong / reviewed, 1)}{' '}
      <span className="hd-dim">
        [{percent(interval.low, 1)}, {percent(interval.high, 1)}]
      </span>
    </>
  )
}

function Share({ batch, of, owns }: { batch: Batch; of: BatchReview; owns: boolean }) {
  const { t } = useTranslation('label')
  const change = useChangeBatchReview(batch.id)
  const [share, setShare] = useState<number>(Math.round(of.share * 100))
  return (
    <form
      className={classes.share}
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ share: share / 100 }, { onError: toastProblem })
      }}
    >
      <NumberInput
        size="xs"
        w={110}
        min={0}
        max={100}
        suffix=" %"
        label={t('review.shareLabel')}
        value={share}
        onChange={(value) => setShare(Number(value))}
      />
      <OffButton
        type="submit"
        size="xs"
        loading={change.isPending}
        off={share === Math.round(of.share * 100) && t('review.shareAsIs')}
      >
        {t('review.save')}
      </OffButton>
      {owns && (
        <Switch
          label={t('review.ownLabel')}
          description={t('review.ownNote')}
          checked={of.own}
          onChange={(event) => change.mutate({ own: event.currentTarget.checked }, { onError: toastProblem })}
        />
      )}
    </form>
  )
}
