import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import type { Task } from '../api/types'
import { Autosave, type Draft, type SaveAnswer, type SaveBody, type SavePort } from './autosave'
import type { Content, LabelBox } from './canvas/content'

function content(...classes: number[]): Content {
  const boxes = classes.map<LabelBox>((class_id, index) => ({
    id: `o${index}`,
    object_id: index,
    class_id,
    box: [0, 0, 10, 10],
    attributes: {},
    ignore: 'no',
    provenance: 'imported',
  }))
  return { boxes, decisions: {} }
}

class Server implements SavePort {
  sent: { body: SaveBody; version: number }[] = []
  answers: (SaveAnswer | Error)[] = []
  draft: Draft | null = null
  seconds = 0
  send = async (body: SaveBody, version: number) => {
    this.sent.push({ body, version })
    const answer = this.answers.shift() ?? { version: version + 1, state: 'in_progress', saved_at: '' }
    if (answer instanceof Error) throw answer
    return answer
  }
  writeDraft = (draft: Draft) => {
    this.draft = draft
  }
  dropDraft = () => {
    this.draft = null
  }
  sitting = () => ({ key: 'a1', seconds: this.seconds, steps: [] })
  now = () => Date.now()
}

let server: Server
let autosave: Autosave
beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  autosave = new Autosave(server, content(1), 3, 'to_label')
})
afterEach(() => {
  autosave.dispose()
  vi.useRealTimers()
})

const theirs = { version: 9, state: 'done', boxes: content(7).boxes, suggestions: [] } as unknown as Task
const conflict = () => new Problem(412, { current: theirs })

describe('Autosave', () => {
  it('works: several changes, one call, with the version they were made on', async () => {
    autosave.change(content(2))
    autosave.change(content(3))
    expect(autosave.status.phase).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.sent).toHaveLength(1)
    expect(server.sent[0]).toMatchObject({ version: 3, body: { boxes: content(3).boxes } })
    expect(autosave.status.phase).toBe('saved')
    expect(autosave.version).toBe(4)
    expect(server.draft).toBeNull()
  })
  it('keeps a draft until the server has it', () => {
    autosave.change(content(2))
    expect(server.draft).toMatchObject({ version: 3, content: content(2) })
  })
  it('keeps in the draft what the task was to become', async () => {
    server.answers = [Problem.offline()]
    await autosave.save('done')
    expect(server.draft).toMatchObject({ state: 'done' })
    await vi.advanceTimersByTimeAsync(2_100)
    expect(server.draft).toBeNull()
  })
  it('sends nothing when a change was taken back', async () => {
    autosave.change(content(2))
    autosave.change(content(1))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(server.sent).toEqual([])
    expect(server.draft).toBeNull()
  })
  it('sends what changed while it was sending', async () => {
    autosave.change(content(2))
    const saving = autosave.save()
    autosave.change(content(3))
    await saving
    expect(autosave.status.phase).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.sent[1]).toMatchObject({ version: 4, body: { boxes: content(3).boxes } })
  })
  it('sends only the verdicts that the server does not have', async () => {
    const once: Content = { ...content(1), decisions: { 5: { verdict: 'accepted', boxId: null } } }
    autosave.change(once)
    await autosave.save()
    autosave.change({
      ...content(2),
      decisions: { ...once.decisions, 6: { verdict: 'rejected', boxId: null } },
    })
    await autosave.save()
    expect(server.sent.map(({ body }) => body.verdicts)).toEqual([
      [{ id: 5, verdict: 'accepted' }],
      [{ id: 6, verdict: 'rejected' }],
    ])
  })
  it('changes the state together with what is unsaved', async () => {
    server.answers = [{ version: 4, state: 'done', saved_at: '' }]
    autosave.change(content(2))
    expect(await autosave.save('done')).toBe(true)
    expect(server.sent[0]?.body).toMatchObject({ state: 'done', boxes: content(2).boxes })
    expect(autosave.state).toBe('done')
  })
  it('says that it is offline, keeps the draft and tries again, ever more slowly', async () => {
    server.answers = [Problem.offline(), Problem.offline()]
    server.seconds = 12
    autosave.change(content(2))
    await vi.advanceTimersByTimeAsync(800)
    expect(autosave.status.phase).toBe('offline')
    expect(server.draft).not.toBeNull()
    await vi.advanceTimersByTimeAsync(2_100)
    expect(autosave.status.phase).toBe('offline')
    await vi.advanceTimersByTimeAsync(2_100)
    expect(server.sent).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(autosave.status.phase).toBe('saved')
    expect(server.sent.map(({ body }) => body.sitting.seconds)).toEqual([12, 12, 12])
  })
  it('tells the last seconds of work, and not a glance', async () => {
    server.seconds = 2
    await autosave.saveSeconds()
    expect(server.sent).toHaveLength(0)
    autosave.change(content(2))
    await autosave.save()
    server.seconds = 2.5
    await autosave.saveSeconds()
    expect(server.sent.map(({ body }) => body.sitting.seconds)).toEqual([2, 2.5])
  })
  it('keeps changes made while offline for the next try', async () => {
    server.answers = [Problem.offline()]
    autosave.change(content(2))
    await vi.advanceTimersByTimeAsync(800)
    autosave.change(content(5))
    expect(autosave.status.phase).toBe('offline')
    await vi.advanceTimersByTimeAsync(2_500)
    expect(server.sent[1]?.body.boxes).toEqual(content(5).boxes)
  })
  it('does not hammer a server that refuses', async () => {
    server.answers = [new Problem(403, { detail: 'no' })]
    autosave.change(content(2))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.sent).toHaveLength(1)
    expect(autosave.status.phase).toBe('refused')
    expect(server.draft).not.toBeNull()
  })
})

describe('a conflict', () => {
  beforeEach(async () => {
    server.answers = [conflict()]
    autosave.change(content(2))
    await autosave.save()
  })

  it('stops saving and keeps everything', async () => {
    expect(autosave.status).toMatchObject({ phase: 'conflict', theirs: { version: 9 } })
    autosave.change(content(4))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.sent).toHaveLength(1)
    expect(server.draft?.content).toEqual(content(4))
  })
  it('keeps mine on top of the newer version', async () => {
    expect(await autosave.keepMine()).toBe(true)
    expect(server.sent[1]).toMatchObject({ version: 9, body: { boxes: content(2).boxes } })
  })
  it('takes theirs', () => {
    expect(autosave.takeTheirs()?.boxes).toEqual(content(7).boxes)
    expect(autosave.status.phase).toBe('saved')
    expect(autosave.version).toBe(9)
    expect(server.draft).toBeNull()
  })
})

describe('an answer that got lost', () => {
  it('is no conflict when the newer version is our own', async () => {
    const same = { ...theirs, boxes: content(2).boxes, state: 'in_progress' }
    server.answers = [
      Problem.offline(),
      new Problem(412, { current: same }),
      { version: 10, state: 'done', saved_at: '' },
    ]
    autosave.change(content(2))
    await autosave.save('done')
    await vi.advanceTimersByTimeAsync(2_100)
    await vi.advanceTimersByTimeAsync(100)
    expect(server.sent.map(({ version }) => version)).toEqual([3, 3, 9])
    expect(autosave.state).toBe('done')
    expect(autosave.status.phase).toBe('saved')
  })
})

describe('a newer version with the labels that we began with', () => {
  it('is no conflict', async () => {
    const untouched = { ...theirs, boxes: content(1).boxes }
    server.answers = [new Problem(412, { current: untouched })]
    autosave.change(content(2))
    await autosave.save()
    await vi.advanceTimersByTimeAsync(100)
    expect(server.sent[1]).toMatchObject({ version: 9, body: { boxes: content(2).boxes } })
    expect(autosave.status.phase).toBe('saved')
  })
})

describe('an old draft', () => {
  it('is a conflict, not a loss', () => {
    autosave.foundOldDraft({ version: 1, content: content(8), at: 0, state: null }, theirs)
    expect(autosave.status.phase).toBe('conflict')
  })

  it('is let go where the server has its labels: only the answer was not heard', async () => {
    server.draft = { version: 1, content: content(7), at: 0, state: 'in_review' }
    autosave = new Autosave(server, content(7), 9, 'in_progress')
    autosave.foundOldDraft(server.draft, theirs)
    expect(autosave.status.phase).toBe('saved')
    expect(server.draft).toBeNull()
    await autosave.save('in_review')
    expect(server.sent).toMatchObject([{ version: 9, body: { state: 'in_review' } }])
  })
})
