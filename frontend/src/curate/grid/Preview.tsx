import { FocusTrap } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ImageView } from '../../canvas/ImageView'
import type { Mark } from '../../canvas/marks'
import { count } from '../../ui/format'
import type { Picking } from './Grid'
import classes from './Preview.module.css'

type Props = {
  image: { key: string; file: string; thumb: string; width: number; height: number }
  marks: readonly Mark[]
  picking: Picking
  focus: number
  total: number
  close: () => void
}

/** The image large, over the page, for as long as one looks: arrows go on, Space or Escape goes back, Enter opens. */
export function Preview({ image, marks, picking, focus, total, close }: Props) {
  const { t } = useTranslation('curate/grid')
  const step = (to: number) => {
    if (to >= 0 && to < total) picking.pick(to, 'only')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ' || event.key === 'Escape') close()
    else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') step(focus + 1)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') step(focus - 1)
    else if (event.key === 'Enter') picking.open(focus)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <FocusTrap>
      <div
        className={classes.preview}
        role="dialog"
        aria-modal
        aria-label={image.key}
        tabIndex={-1}
        data-autofocus
        onKeyDown={onKeyDown}
      >
        <ImageView
          image={image}
          file={image.file}
          thumbnail={image.thumb}
          marks={marks}
          label={image.key}
          failed={t('pictureFailed')}
        />
        <p className={classes.caption}>
          {image.key}
          <span className="hd-num">
            {count(focus + 1)} / {count(total)}
          </span>
          <span>{t('previewKeys')}</span>
        </p>
      </div>
    </FocusTrap>
  )
}
