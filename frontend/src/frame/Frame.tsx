import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
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
  const { place, pageDataset } = useFrame()
  useLookOfMe()
  useNews()
  return (
    <div className={classes.frame}>
      <Rail />
      <Standing />
      <header className={classes.top}>
        <nav className={classes.crumbs}>
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
      <div className={classes.bar} ref={place('bar')} />
      <main className={classes.main} id="main">
        <Suspense fallback={<RoutePending />}>
          <Outlet />
        </Suspense>
      </main>
      <FrameActions />
      <Palette />
    </div>
  )
}
