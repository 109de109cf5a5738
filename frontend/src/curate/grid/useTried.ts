import { useState } from 'react'

/** Runs something that may fail and keeps what went wrong, for a dialog to say. */
export function useTried(): [unknown, boolean, (act: () => Promise<void>) => Promise<void>] {
  const [problem, setProblem] = useState<unknown>(null)
  const [pending, setPending] = useState(false)
  const run = async (act: () => Promise<void>) => {
    setProblem(null)
    setPending(true)
    try {
      await act()
    } catch (error) {
      setProblem(error)
    }
    setPending(false)
  }
  return [problem, pending, run]
}
