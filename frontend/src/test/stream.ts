import { act } from '@testing-library/react'
import { vi } from 'vitest'
import type { News } from '../api/types'

/** A stream of news as the browser has it, told by the test. */
export class FakeStream {
  static open: FakeStream[] = []
  static made = 0
  onmessage: ((event: { data: string }) => void) | null = null
  onerror: (() => void) | null = null
  readonly address: string

  constructor(address: string) {
    this.address = address
    FakeStream.open.push(this)
    FakeStream.made += 1
  }

  close(): void {
    FakeStream.open = FakeStream.open.filter((one) => one !== this)
  }
}

/** From now on pages can open a stream. */
export function streams() {
  FakeStream.open = []
  FakeStream.made = 0
  vi.stubGlobal('EventSource', FakeStream)
  const only = () => {
    const [one, ...more] = FakeStream.open
    if (!one || more.length > 0) throw new Error(`${FakeStream.open.length} streams are open`)
    return one
  }
  return {
    count: () => FakeStream.open.length,
    /** How many were opened so far. */
    made: () => FakeStream.made,
    /** Tells it to the page; without news: that the stream lives. */
    tell: (news: News = { disk: { state: 'ok', free: 0.5 } }) =>
      act(async () => only().onmessage?.({ data: JSON.stringify(news) })),
    break: () => act(async () => only().onerror?.()),
  }
}
