import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../../api/problem'
import { type Answer, DecisionQueue, type Sent } from './queue'

const row = (id: number) => ({ id, verdict: 'pending' as const })
const accepted = { verdict: 'accepted' as const, classId: null }
const rejected = { verdict: 'rejected' as const, classId: null }

let sent: Sent[][] = []
let answer: (decisions: Sent[]) => Promise<Answer>

const open = () =>
  new DecisionQueue((decisions) => {
    sent.push(decisions)
    return answer(decisions)
  })

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  answer = async (decisions) => ({ decided: decisions.map(({ id }) => id), left: [] })
})
afterEach(() => vi.useRealTimers())

describe('DecisionQueue', () => {
  it('shows decisions at once and sends them together', async () => {
    const queue = open()
    queue.give([row(1)], accepted)
    queue.give([row(2)], rejected)
    queue.give([row(3)], { verdict: 'corrected', classId: 12 })
    expect(queue.of(row(1))).toEqual(accepted)
    expect([queue.state.phase, queue.state.waiting]).toEqual(['unsaved', 3])
    await vi.runAllTimersAsync()
    expect(sent).toEqual([
      [
        { id: 1, verdict: 'accepted', class_id: null },
        { id: 2, verdict: 'rejected', class_id: null },
        { id: 3, verdict: 'corrected', class_id: 12 },
      ],
    ])
    expect([queue.state.phase, queue.state.waiting]).toEqual(['saved', 0])
  })

  it('takes the last step back, whether it was saved or not', async () => {
    const queue = open()
    queue.give([row(1), row(2)], rejected)
    await vi.runAllTimersAsync()
    queue.give([row(1)], accepted)
    expect(queue.undo()).toEqual([1])
    expect(queue.of(row(1))).toEqual(rejected)
    expect(queue.undo()).toEqual([1, 2])
    await vi.runAllTimersAsync()
    expect(sent.at(-1)).toEqual([
      { id: 1, verdict: 'pending', class_id: null },
      { id: 2, verdict: 'pending', class_id: null },
    ])
    expect(queue.undo()).toEqual([])
  })

  it('shows what the server left, and why', async () => {
    const queue = open()
    answer = async () => ({ decided: [], left: [{ id: 1, left_because: 'gone' }] })
    queue.give([row(1)], accepted)
    await vi.runAllTimersAsync()
    expect(queue.of(row(1)).verdict).toBe('pending')
    expect(queue.state.left.get(1)).toBe('gone')
  })

  it('keeps decisions while there is no connection, and sends them then', async () => {
    const queue = open()
    const works = answer
    answer = async () => {
      throw new TypeError('no network')
    }
    queue.give([row(1)], accepted)
    await vi.advanceTimersByTimeAsync(700)
    expect([queue.state.phase, queue.state.waiting]).toEqual(['offline', 1])
    answer = works
    await vi.runAllTimersAsync()
    expect([queue.state.phase, queue.state.waiting]).toEqual(['saved', 0])
  })

  it('says what was refused, and keeps it', async () => {
    const queue = open()
    answer = async () => {
      throw new Problem(409, { title: 'Closed', detail: 'This batch is closed.' } as never)
    }
    queue.give([row(1)], accepted)
    await vi.runAllTimersAsync()
    expect([queue.state.phase, queue.state.waiting]).toEqual(['refused', 1])
    expect(queue.state.problem?.body.detail).toBe('This batch is closed.')
  })

  it('gives the same again without a step', () => {
    const queue = open()
    queue.give([row(1)], accepted)
    queue.give([row(1)], accepted)
    expect(queue.state.steps).toBe(1)
  })
})
