import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { readMoving } from '../api/following'
import { hear, keepOpen } from '../api/stream'
import { noticesQuery, unreadQuery } from '../notices/queries'
import { healthQuery } from './health'
import { Newsroom } from './news'

/** Keeps what every page shows of jobs as it is: by news while they arrive, by asking while they do not. */
export function useNews(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const room = new Newsroom(queries)
    const stop = hear({
      news: (news) => {
        room.take(news)
        if (news.notices) {
          queries.setQueryData(unreadQuery.queryKey, news.notices)
          void queries.invalidateQueries({ queryKey: noticesQuery.queryKey })
        }
        if (news.disk)
          queries.setQueryData(healthQuery(false).queryKey, (was) => was && { ...was, disk: news.disk! })
      },
      standing: (now) => {
        if (now === 'closed') return
        void queries.invalidateQueries({ queryKey: unreadQuery.queryKey })
        readMoving(queries, { since: Date.now() })
        if (now === 'lost') void queries.invalidateQueries({ queryKey: ['health'] })
      },
    })
    const letGo = keepOpen()
    return () => {
      letGo()
      stop()
    }
  }, [queries])
}
