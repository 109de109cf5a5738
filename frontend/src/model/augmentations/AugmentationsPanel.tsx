import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AugmentationsRequest } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive, useJob } from '../../jobs/queries'
import { useActions } from '../../ui/actions'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './AugmentationsPanel.module.css'
import { LargePicture } from './LargePicture'
import { augmentationsQuery, useShowAugmentations } from './queries'
import { TrainingImage } from './TrainingImage'

const PICTURES = 8

/** Some training images as the network would see them under the settings of the form, with their boxes. */
export function AugmentationsPanel({ wish, seed }: { wish: AugmentationsRequest; seed: number }) {
  const { t } = useTranslation('model')
  const [times, setTimes] = useState(0)
  const [asked, setAsked] = useState('')
  const [large, setLarge] = useState<number | null>(null)
  const ask = useShowAugmentations()
  const job = useJob(ask.data?.id).data
  const drawn = job?.state === 'succeeded'
  const pictures = useQuery(augmentationsQuery(job?.id ?? 0, drawn))
  const known = useClasses(wish.dataset)
  const active = ask.isPending || isActive(job) || (drawn && pictures.isPending)
  const off = wish.train_slices.length === 0
  const isOld = asked !== '' && asked !== JSON.stringify(wish)
  const show = () => {
    const next = asked && !isOld ? times + 1 : 0
    setTimes(next)
    setAsked(JSON.stringify(wish))
    ask.mutate({ ...wish, seed: seed + next, count: PICTURES })
  }
  const label = t(asked ? (isOld ? 'augmented.anew' : 'augmented.again') : 'augmented.show', {
    count: PICTURES,
  })
  useActions([
    { id: 'augmented', label, group: t('settings'), keys: 'p', disabled: off || active, perform: show },
  ])
  const error = ask.error ?? pictures.error
  return (
    <>
      <p className="hd-dim">{t('augmented.what')}</p>
      <div className={classes.bar}>
        <OffButton onClick={show} off={off && t('augmented.noSlices')} loading={active}>
          {label}
        </OffButton>
        <span className="hd-dim" role="status">
          {off && t('augmented.noSlices')}
          {isOld && !off && t('augmented.old')}
          {pictures.data && !isOld && t('augmented.shown', { seed: seed + times })}
        </span>
      </div>
      {error && <ProblemNote error={error} retry={off ? undefined : show} />}
      {(job?.state === 'failed' || job?.state === 'cancelled') && (
        <p className={classes.problem} role="alert">
          {job.error || t('augmented.cancelled')}
        </p>
      )}
      {job && isActive(job) && <JobProgress job={job} />}
      {active && <Waiting />}
      {!active && pictures.data && (
        <ul className={classes.pictures} data-old={isOld || undefined} aria-label={t('augmented.label')}>
          {pictures.data.map((picture, place) => (
            <li key={picture.url}>
              <button
                type="button"
                className={classes.picture}
                aria-label={t('augmented.enlarge', { n: place + 1, boxes: picture.boxes.length })}
                onClick={() => setLarge(place)}
              >
                <TrainingImage picture={picture} known={known} n={place + 1} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {large !== null && pictures.data && (
        <LargePicture
          pictures={pictures.data}
          at={large}
          known={known}
          go={setLarge}
          close={() => setLarge(null)}
        />
      )}
    </>
  )
}

function Waiting() {
  return (
    <div className={classes.pictures} aria-hidden>
      {Array.from({ length: PICTURES }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={place} style={{ aspectRatio: 1 }} />
      ))}
    </div>
  )
}
