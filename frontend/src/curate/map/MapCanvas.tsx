import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Hearer, MapCore, type Scene } from './core'
import classes from './MapPage.module.css'
import type { Spot } from './view'

type Props = {
  scene: Scene
  label: string
  hear: Omit<Hearer, 'hover'>
  /** What is said of the point under the pointer. */
  card: (point: number) => React.ReactNode
  /** Gives the core to whoever handles the keys. */
  core: React.RefObject<MapCore | null>
}

const CARD = { width: 208, height: 190 }

/** The canvas, and the card beside the point that the pointer rests on. All else is in core.ts. */
export function MapCanvas({ scene, label, hear, card, core }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(hear)
  latest.current = hear
  const [hovered, setHovered] = useState<{ point: number; at: Spot } | null>(null)
  useLayoutEffect(() => {
    const element = canvas.current!
    const made = new MapCore(element, {
      view: (view) => latest.current.view(view),
      lasso: (corners) => latest.current.lasso(corners),
      open: (point) => latest.current.open(point),
      hover: (point, at) => setHovered(point < 0 ? null : { point, at }),
    })
    core.current = made
    const watched = new ResizeObserver(() =>
      made.resize({ width: element.clientWidth, height: element.clientHeight }),
    )
    watched.observe(element)
    return () => {
      watched.disconnect()
      made.stop()
    }
  }, [core])
  useEffect(() => core.current?.show(scene), [scene, core])
  return (
    <div className={classes.stage}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        role="img"
        aria-label={label}
        tabIndex={0}
        data-tool={scene.tool}
      />
      {hovered && (
        <div className={classes.card} style={placeOf(hovered.at, canvas.current)}>
          {card(hovered.point)}
        </div>
      )}
    </div>
  )
}

/** Beside the point, on the side where there is room. */
function placeOf({ x, y }: Spot, canvas: HTMLCanvasElement | null): React.CSSProperties {
  const { clientWidth: width = 0, clientHeight: height = 0 } = canvas ?? {}
  return {
    left: x + CARD.width + 16 > width ? x - CARD.width - 12 : x + 12,
    top: Math.max(4, Math.min(y - CARD.height / 2, height - CARD.height)),
    width: CARD.width,
  }
}
