import { type ReactNode, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { isProblem } from '../api/problem'
import { useDataset } from '../dataset/queries'
import { Crumb, type CrumbOption } from './Crumb'
import { useFrame } from './context'
import { DatasetCrumbs } from './DatasetCrumbs'
import classes from './Page.module.css'
import { NotFound } from './RouteStates'
import { useTabTitle } from './tabTitle'

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
  const frame = useFrame()
  const { setDataset } = frame
  // A dataset that is not there, or not ours: said once for all its pages, and the rail forgets it.
  const gone = isProblem(useDataset(dataset ?? 0).error, 404)
  useTabTitle(title, progress)
  useEffect(() => {
    if (dataset) setDataset(gone ? null : dataset)
  }, [dataset, gone, setDataset])
  if (gone) return <NotFound />
  return (
    <>
      {frame.crumbs &&
        createPortal(
          <>
            {dataset !== undefined && <DatasetCrumbs dataset={dataset} />}
            {crumbs}
            <Crumb label={title} options={switchTo} last />
          </>,
          frame.crumbs,
        )}
      {frame.middle && middle && createPortal(middle, frame.middle)}
      {frame.bar &&
        !bare &&
        (tabs || actions) &&
        createPortal(
          <>
            <div className={classes.start}>{tabs}</div>
            <div className={classes.actions}>{actions}</div>
          </>,
          frame.bar,
        )}
      {padded ? <div className={classes.padded}>{children}</div> : children}
    </>
  )
}
