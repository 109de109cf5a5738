import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './Duplicates.module.css'
import type { DuplicateGroup } from './queries'

type Props = {
  dataset: number
  group: DuplicateGroup
  /** Null where one may not. */
  keep: (() => void) | null
}

/** Images that are one and the same, the one to keep first. */
export function Group({ dataset, group, keep }: Props) {
  const { t } = useTranslation('curate/duplicates')
  const hidden = group.count - group.images.length
  return (
    <li className={classes.group}>
      <header>
        <h2 className="hd-num">{t('groupOf', { count: group.count, n: count(group.count) })}</h2>
        {keep && (
          <Button size="compact-xs" onClick={keep}>
            {t('keepOne', { count: group.count - 1, n: count(group.count - 1) })}
          </Button>
        )}
      </header>
      <ul className={classes.pictures}>
        {group.images.map((image) => (
          <li key={image.id} data-kept={image.kept || undefined}>
            <PathLink href={`/datasets/${dataset}/images/${image.id}`} title={image.key}>
              <img src={image.thumb} alt="" loading="lazy" width={image.width} height={image.height} />
              <span className={classes.name}>
                <bdi>{image.key}</bdi>
              </span>
            </PathLink>
            <span className={classes.facts}>
              {image.kept && <strong>{t('keptOne')}</strong>}{' '}
              <span className="hd-num">
                {image.width} × {image.height}
              </span>{' '}
              · {t('boxes', { count: image.boxes, n: count(image.boxes) })}
            </span>
          </li>
        ))}
        {hidden > 0 && <li className={classes.hidden}>{t('hidden', { count: hidden, n: count(hidden) })}</li>}
      </ul>
    </li>
  )
}
