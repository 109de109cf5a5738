import { type ReactNode, useLayoutEffect } from 'react'
import { createPortal } from 'react-dom'
import { Crumb, type CrumbOption } from './Crumb'
import classes from './Page.module.css'
import { usePagePlaces } from './places'
import { NotFound } from './RouteStates'

type Props = {
  /** Name of the page: last breadcrumb, browser tab. */
  title: string
  /** The dataset that the page belongs to: gives project and dataset as breadcrumbs, and leads the rail. */
  dataset?: number
  /** Breadcrumbs between the dataset and the title. */
  crumbs?: ReactNode
  /** Siblings of this page: its own breadcrumb switches between them. */
  switchTo?: CrumbOption[]
  /** The query line, where the page has a grid. */
  middle?: ReactNode
  /** Left end of the second line: tabs, or a word on what the page shows. */
  tabs?: ReactNode
  /** Right end of the second line: buttons, sliders. */
  actions?: ReactNode
  /** Share done (0–1) of what the page shows, for the browser tab. */
  progress?: number
  /** No second line, for pages that need the height (the box editor). */
  bare?: boolean
  /** Text in a column with padding; without it the page fills the window and scrolls by itself. */
  padded?: boolean
  children?: ReactNode
}

/** Every page stands in one: it fills the frame's places and names the browser tab. */
export function Page({
  title,
  dataset,
  crumbs,
  switchTo,
  middle,
  tabs,
  actions,
  progress,
  bare,
  padded,
  children,
}: Props) {
  const places = usePagePlaces()
  const { stand } = places
  useLayoutEffect(() => {
    stand({ title, dataset, progress })
    return () => stand(null)
  }, [stand, title, dataset, progress])
  if (dataset !== undefined && places.goneDataset === dataset) return <NotFound />
  return (
    <>
      {places.crumbs &&
        createPortal(
          <>
            {crumbs}
            <Crumb label={title} options={switchTo} last />
          </>,
          places.crumbs,
        )}
      {places.middle && middle && createPortal(middle, places.middle)}
      {places.bar &&
        !bare &&
        (tabs || actions) &&
        createPortal(
          <>
            <div className={classes.start}>{tabs}</div>
            <div className={classes.actions}>{actions}</div>
          </>,
          places.bar,
        )}
      {padded ? <div className={classes.padded}>{children}</div> : children}
    </>
  )
}
