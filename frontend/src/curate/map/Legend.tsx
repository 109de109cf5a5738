import { useComputedColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ColourGroup, MapColours } from '../../api/types'
import { count } from '../../ui/format'
import { KeyCaps } from '../../ui/KeyCaps'
import { colourOf } from './look'
import classes from './MapPage.module.css'

type Props = { colours: MapColours | undefined; lift: (group: number | null) => void }

/** Which colour is what, with how many images; the pointer on a line lifts its points out. */
export function Legend({ colours, lift }: Props) {
  const { t } = useTranslation('curate/map')
  const scheme = useComputedColorScheme('dark')
  const groups = colours?.groups ?? []
  const rest = colours?.of.filter((place) => place === -1).length ?? 0
  return (
    <aside className={classes.legend} aria-label={t('legend')}>
      <h2>{t('legend')}</h2>
      <ul onPointerLeave={() => lift(null)}>
        {groups.map(
          (group, place) =>
            group.images > 0 && (
              <li key={group.code ?? group.name} onPointerEnter={() => lift(place)}>
                <span
                  className={classes.dot}
                  style={{ background: colourOf(group, place, scheme) }}
                  aria-hidden
                />
                <GroupName of={group} />
                <span className="hd-num hd-faint">{count(group.images)}</span>
              </li>
            ),
        )}
        {rest > 0 && colours && (
          <li onPointerEnter={() => lift(-1)}>
            <span
              className={classes.dot}
              style={{ background: colourOf(undefined, 0, scheme) }}
              aria-hidden
            />
            <span>{t('nothing')}</span>
            <span className="hd-num hd-faint">{count(rest)}</span>
          </li>
        )}
      </ul>
      <Help />
    </aside>
  )
}

export function GroupName({ of }: { of: ColourGroup | undefined }) {
  const { t } = useTranslation('curate/map')
  if (!of) return <span>{t('nothing')}</span>
  return <span title={of.name}>{of.code ? t(`group.${of.code}`) : of.name}</span>
}

function Help() {
  const { t } = useTranslation('curate/map')
  return (
    <div className={classes.help}>
      <p>{t('what')}</p>
      <dl>
        <dt>
          <KeyCaps keys="d" />
        </dt>
        <dd>{t('help.lasso')}</dd>
        <dt>
          <KeyCaps keys="v" />
        </dt>
        <dd>{t('help.move')}</dd>
        <dt>
          <KeyCaps keys="x" />
        </dt>
        <dd>{t('help.sight')}</dd>
      </dl>
    </div>
  )
}
