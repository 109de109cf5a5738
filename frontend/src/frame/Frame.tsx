import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useLookOfMe } from '../accounts/queries'
import { ActionsProvider } from '../ui/actions'
import { FrameProvider, useFrame } from './context'
import classes from './Frame.module.css'
import { FrameActions } from './FrameActions'
import { Palette } from './Palette'
import { Rail } from './Rail'
import { RoutePending } from './RouteStates'
import { RunningJobs } from './RunningJobs'
import { SearchButton } from './SearchButton'

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
  const { place } = useFrame()
  useLookOfMe()
  return (
    <div className={classes.frame}>
      <Rail />
      <header className={classes.top}>
        <nav className={classes.crumbs} ref={place('crumbs')} />
        <div className={classes.middle} ref={place('middle')} />
        <div className={classes.end}>
          <RunningJobs />
          <SearchButton />
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
