import { Button, SegmentedControl } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Notice } from '../api/types'
import { Page } from '../page/Page'
import { EmptyState } from '../ui/EmptyState'
import { OffButton } from '../ui/OffButton'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { Time } from '../ui/Time'
import { toastProblem } from '../ui/toast'
import classes from './NoticesPage.module.css'
import { noticesQuery, unreadQuery, useChangeWish, useRead, wishQuery } from './queries'
import { useNoticeText } from './useNoticeText'

/** What happened that concerns me, newest first, and how else I hear of it. */
export function NoticesPage() {
  const { t } = useTranslation('notices')
  const notices = useInfiniteQuery(noticesQuery)
  const unread = useQuery(unreadQuery).data ?? 0
  const read = useRead()
  return (
    <Page
      title={t('title')}
      padded
      actions={
        <OffButton
          off={unread === 0 && t('allRead')}
          loading={read.isPending}
          onClick={() => read.mutate(undefined)}
        >
          {t('readAll')}
        </OffButton>
      }
    >
      <div className={classes.page}>
        {notices.error && <ProblemNote error={notices.error} retry={notices.refetch} />}
        {notices.data?.length === 0 && (
          <EmptyState icon={<IconBell size={30} stroke={1.4} />} title={t('none')}>
            {t('noneWhat')}
          </EmptyState>
        )}
        <ul className={classes.list} aria-label={t('title')}>
          {notices.data?.map((notice) => (
            <NoticeLine key={notice.id} notice={notice} read={() => read.mutate([notice.id])} />
          ))}
        </ul>
        {notices.hasNextPage && (
          <Button loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
            {t('ui:more')}
          </Button>
        )}
        <ByMail />
      </div>
    </Page>
  )
}

function NoticeLine({ notice, read }: { notice: Notice; read: () => void }) {
  const { t } = useTranslation('notices')
  const text = useNoticeText()
  const fresh = notice.read_at === null
  return (
    <li data-fresh={fresh || undefined}>
      <span className={classes.mark} aria-hidden={!fresh}>
        {fresh && <span className="hd-hidden">{t('unread')}</span>}
      </span>
      <span className={classes.text}>
        {notice.link ? (
          <PathLink href={notice.link} onClick={() => fresh && read()}>
            {text(notice)}
          </PathLink>
        ) : (
          text(notice)
        )}
      </span>
      <span className="hd-dim">{notice.project.name}</span>
      <span className={classes.when}>
        <Time at={notice.created_at} />
      </span>
      <span className={classes.does}>
        {fresh && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={read}>
            {t('read')}
          </Button>
        )}
      </span>
    </li>
  )
}

const MAILS = ['none', 'daily', 'at_once'] as const

function ByMail() {
  const { t } = useTranslation('notices')
  const wish = useQuery(wishQuery).data
  const change = useChangeWish()
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (wish && zone && wish.time_zone !== zone && wish.mail !== 'none') change.mutate({ time_zone: zone })
  }, [wish, change.mutate])
  if (!wish) return null
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Section title={t('mail.title')} note={t(wish.mail_works ? 'mail.note' : 'mail.noServer')}>
      <SegmentedControl
        aria-label={t('mail.title')}
        value={wish.mail}
        disabled={!wish.mail_works}
        data={MAILS.map((value) => ({ value, label: t(`mail.${value}`) }))}
        onChange={(mail) => change.mutate({ mail, time_zone: zone }, { onError: toastProblem })}
      />
    </Section>
  )
}
