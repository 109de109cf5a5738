import { Logo } from '../ui/Logo'

/** The mark where index.html has it, for whoever waits outside of the frame: nothing moves until the page is there. */
export function Waiting() {
  return (
    <div
      style={{ position: 'fixed', inset: 0, display: 'grid', placeItems: 'center', opacity: 0.5 }}
      aria-busy
    >
      <Logo size={32} />
    </div>
  )
}
