/** Half a sun on the horizon. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M3.5 15a8.5 8.5 0 0 1 17 0z" fill="var(--hd-accent)" />
      <path d="M3.5 19h17" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  )
}
