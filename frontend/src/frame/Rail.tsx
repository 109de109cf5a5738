import { Menu, useComputedColorScheme } from '@mantine/core'
import {
  IconAdjustmentsHorizontal,
  IconChartDots3,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconPhoto,
  IconPolygon,
  IconProgress,
  IconSettings,
  IconShieldCog,
  IconSun,
  IconUser,
} from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeMe, useLogout, useMe } from '../accounts/queries'
import { useMay } from '../dataset/useMay'
import { LANGUAGES, type Language } from '../i18n/i18n'
import { Logo } from '../ui/Logo'
import { useFrame } from './context'
import { type Place, placeOf } from './place'
import classes from './Rail.module.css'

type Item = { place: Place; to: string; icon: ComponentType<{ size?: number; stroke?: number }> }

/** The five places of the product; the products open on the dataset that was open last. */
export function Rail() {
  const { t } = useTranslation('frame')
  const { dataset } = useFrame()
  const here = placeOf(useLocation({ select: (location) => location.pathname }))
  const me = useMe()
  const product = (name: string) => (dataset ? `/${name}/${dataset}` : '/')
  const items: Item[] = [
    { place: 'datasets', to: dataset ? `/datasets/${dataset}` : '/', icon: IconPhoto },
    { place: 'curate', to: product('curate'), icon: IconAdjustmentsHorizontal },
    { place: 'label', to: useLabelStart(dataset), icon: IconPolygon },
    { place: 'model', to: product('model'), icon: IconChartDots3 },
    { place: 'jobs', to: '/jobs', icon: IconProgress },
  ]
  return (
    <nav className={classes.rail} aria-label={t('places')}>
      <Link to="/" className={classes.logo} aria-label={t('home')}>
        <Logo size={24} />
      </Link>
      {items.map(({ place, to, icon: Icon }) => (
        <Link
          key={place}
          to={to}
          className={classes.item}
          data-here={here === place || undefined}
          aria-current={here === place ? 'true' : undefined}
        >
          <Icon size={19} stroke={1.6} />
          <span>{t(`place.${place}`)}</span>
        </Link>
      ))}
      <span className={classes.gap} />
      {me.is_admin && (
        <a href="/admin/" className={classes.item}>
          <IconShieldCog size={19} stroke={1.6} />
          <span>{t('place.admin')}</span>
        </a>
      )}
      <MeMenu here={here === 'settings'} />
    </nav>
  )
}

/** Who labels or reviews begins with what is theirs; who manages, with the dataset's batches. */
function useLabelStart(dataset: number | null): string {
  const manages = useMay(dataset ?? undefined, 'manager')
  if (!dataset) return '/label'
  return manages ? `/label/${dataset}` : `/label?dataset=${dataset}`
}

function MeMenu({ here }: { here: boolean }) {
  const { t } = useTranslation('frame')
  const me = useMe()
  const change = useChangeMe()
  const logout = useLogout()
  const dark = useComputedColorScheme('dark') === 'dark'
  return (
    <Menu position="right-end" width={220}>
      <Menu.Target>
        <button type="button" className={classes.item} data-here={here || undefined}>
          <span className={classes.initial} aria-hidden>
            {(me.name || me.email).slice(0, 1).toUpperCase()}
          </span>
          <span>{t('place.settings')}</span>
          <span className="hd-hidden">{me.name || me.email}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email}</Menu.Label>
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={15} />}>
          {t('settings')}
        </Menu.Item>
        <Menu.Item
          leftSection={dark ? <IconSun size={15} /> : <IconMoon size={15} />}
          onClick={() => change.mutate({ theme: dark ? 'light' : 'dark' })}
        >
          {t(dark ? 'lightTheme' : 'darkTheme')}
        </Menu.Item>
        {(Object.keys(LANGUAGES) as Language[])
          .filter((language) => language !== me.language)
          .map((language) => (
            <Menu.Item
              key={language}
              lang={language}
              leftSection={<IconLanguage size={15} />}
              onClick={() => change.mutate({ language })}
            >
              {LANGUAGES[language]}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUser size={15} />}
          renderRoot={(props) => <Link to="/settings" search={{ part: 'tokens' }} {...props} />}
        >
          {t('tokensAndMembers')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => logout.mutate()}>
          {t('logOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
