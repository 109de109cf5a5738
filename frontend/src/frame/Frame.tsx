import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLookOfMe } from '../accounts/queries'
import { DatasetCrumbs } from '../dataset/DatasetCrumbs'
import { RoutePending } from '../page/RoutePending'
import { ActionsProvider } from '../ui/actions'
import { Bell } from './Bell'
import { FrameProvider, useFrame } from './context'
import classes from './Frame.module.css'
import { FrameActions } from './FrameActions'
import { Palette } from './Palette'
import { Rail } from './Rail'
import { RunningJobs } from './RunningJobs'
import { SearchButton } from './SearchButton'
import { Standing } from './Standing'
import { useNews } from './useNews'

/** What stands around every page: rail at the left, top line, and the line of tabs or title below it. */
export function Frame() {
  return (
    <ActionsProvider>
      <FrameProvider>
        <Suspense fallback={null}>
          <Drawn />
        </Suspense>
      </FrameProvider>
    </ActionsProvider>
  )
}

function Drawn() {
  const { t } = useTranslation('frame')
  const { place, pageDataset } = useFrame()
  useLookOfMe()
  useNews()
  return (
    <div className={classes.frame}>
      <SkipLink />
      <Rail />
      <Standing />
      <header className={classes.top}>
        <nav className={classes.crumbs} aria-label={t('crumbs')}>
          {pageDataset !== undefined && <DatasetCrumbs dataset={pageDataset} />}
          <span className={classes.ofPage} ref={place('crumbs')} />
        </nav>
        <div className={classes.middle} ref={place('middle')} />
        <div className={classes.end}>
          <RunningJobs />
          <SearchButton />
          <Bell />
        </div>
      </header>
      <section className={classes.bar} aria-label={t('bar')} ref={place('bar')} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a page without a link or field is scrolled by keys too */}
      <main className={classes.main} id="main" tabIndex={0}>
        <Suspense fallback={<RoutePending />}>
          <Outlet />
        </Suspense>
      </main>
      <FrameActions />
      <Palette />
    </div>
  )
}

/** The first stop of Tab: past rail and top line, into the page. */
function SkipLink() {
  const { t } = useTranslation('frame')
  return (
    // biome-ignore lint/a11y/useValidAnchor: it does lead to a place of this page
    <a
      href="#main"
      className={classes.skip}
      onClick={(event) => {
        event.preventDefault() // the address is the page's
        document.getElementById('main')?.focus()
      }}
    >
      {t('skip')}
    </a>
  )
}
