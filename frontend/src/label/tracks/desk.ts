/**
 * Changes of tracks through several frames. The frame that is open is changed in its editor, where Undo knows of it; the
 * others are saved together, each on the version that was seen. The last change can be taken back as one.
 */

import type { Session } from '../editor/session'
import { inverse, patched } from './edits'
import type { Frame, FramePatch } from './track'

export interface DeskPort {
  /** The frames as the server has them now. */
  load(): Promise<readonly Frame[]>
  /** Saves these together or not at all; the new versions by task. */
  send(patches: readonly FramePatch[], versions: ReadonlyMap<number, number>): Promise<Map<number, number>>
}

type LastChange = { readonly back: readonly FramePatch[]; readonly versions: Map<number, number> }

/** Stays when the next frame is opened. */
let last: LastChange | null = null

export class TrackDesk {
  private readonly task: number
  private readonly session: Session
  private readonly port: DeskPort

  constructor(task: number, session: Session, port: DeskPort) {
    this.task = task
    this.session = session
    this.port = port
  }

  get canTakeBack(): boolean {
    return last !== null
  }

  /** The frames with the open one as it stands in the editor. */
  live(frames: readonly Frame[]): Frame[] {
    const { boxes } = this.session.editor.content
    return frames.map((frame) => (frame.task === this.task ? { ...frame, boxes } : frame))
  }

  /** Does what `build` asks for, on the newest frames; how many frames changed. Null: the open frame is not saved yet. */
  async change(build: (frames: readonly Frame[]) => readonly FramePatch[]): Promise<number | null> {
    if (!(await this.session.autosave.save())) return null
    const frames = this.live(await this.port.load())
    const patches = together(build(frames))
    if (patches.length === 0) return 0
    const versions = new Map(frames.map((frame) => [frame.task, frame.version]))
    const before = new Map(frames.map((frame) => [frame.task, frame.boxes]))
    last = { back: inverse(before, patches), versions: await this.apply(patches, versions) }
    return patches.length
  }

  /** Takes the last change back, unless somebody saved one of its frames since. */
  async takeBack(): Promise<void> {
    if (!last || !(await this.session.autosave.save())) return
    const { back, versions } = last
    await this.apply(back, versions)
    last = null
  }

  private async apply(patches: readonly FramePatch[], versions: ReadonlyMap<number, number>) {
    const others = patches.filter(({ task }) => task !== this.task)
    const saved = others.length > 0 ? await this.port.send(others, versions) : new Map<number, number>()
    const here = patches.find(({ task }) => task === this.task)
    if (here) {
      this.session.editor.commit('tracks', (content) => ({ ...content, boxes: patched(content.boxes, here) }))
      await this.session.autosave.save()
      saved.set(this.task, this.session.autosave.version)
    }
    return saved
  }
}

/** One patch for each frame. */
function together(patches: readonly FramePatch[]): FramePatch[] {
  const found = new Map<number, FramePatch>()
  for (const patch of patches) {
    const was = found.get(patch.task)
    found.set(
      patch.task,
      was ? { ...was, put: [...was.put, ...patch.put], remove: [...was.remove, ...patch.remove] } : patch,
    )
  }
  return [...found.values()]
}
