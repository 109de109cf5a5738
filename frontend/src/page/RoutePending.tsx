import { Skeleton } from '@mantine/core'

/** Keeps the place while a page's code or first data is on its way. */
export function RoutePending() {
  return (
    <div style={{ padding: 18 }} aria-busy>
      <Skeleton height={16} width="28%" mb={18} />
      {[92, 78, 85, 64].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} mb={12} />
      ))}
    </div>
  )
}
