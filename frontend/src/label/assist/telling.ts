/**
 * What a save tells of help: each box that came by it, or was drawn by hand, with the seconds that it took.
 *
 * A box has the time since the change before it, and that of its own later changes, so a drawn box and an offered one
 * are measured alike. Told again under its key, an entry replaces what was told before.
 */

import type { components } from '../../api/schema'
import type { Activity } from '../activity'
import type { Content, LabelBox, Labelled } from '../canvas/content'
import type { StepName } from '../canvas/document'
import type { EditorState } from '../canvas/editor'
import { lookupOf } from '../canvas/lookup'

export type AssistTold = components['schemas']['AssistToldRequest']
type Kind = AssistTold['kind']

/** One entry. `told`: the server has it as it now is. `boxId` is empty of a ghost that was refused. */
export type Told = {
  readonly key: string
  readonly kind: Kind
  readonly boxId: string
  readonly offered: (Labelled & { readonly before?: Labelled['box'] }) | null
  readonly checkpoint: number | null
  readonly seconds: number
  readonly told: boolean
}

/** What it follows of the editor. */
export type Followed = Pick<EditorState, 'document' | 'assist'>

/** Steps whose new boxes are told of, and as what. */
const NEW_BOXES: Partial<Record<StepName, Kind>> = { draw: 'drawn', click: 'click', fill: 'fill' }
/** Steps that bring other people's boxes, or earlier ones: nobody's help, nobody's time. */
const NOT_WORK: ReadonlySet<StepName> = new Set<StepName>(['take_theirs', 'restore', 'tracks', 'carry'])
/** The server takes 2,000 of a save, and 120 s of an entry. */
const MOST = 500
const LONGEST = 120

export class Telling {
  private entries: readonly Told[]
  private counted = 0
  private readonly activity: Activity

  /** `kept` are the entries of an earlier visit to the same task. */
  constructor(activity: Activity, kept: readonly Told[] = []) {
    this.activity = activity
    this.entries = kept
  }

  /** What a reload must not lose; another list whenever something of it has changed. */
  get kept(): readonly Told[] {
    return this.entries
  }

  /** What led from one state to the next, at `now` (milliseconds). */
  follow(before: Followed, after: Followed, now: number): void {
    if (before.document !== after.document) this.followDocument(before, after, now)
    if (before.assist.refused !== after.assist.refused) this.followRefusals(before, after, now)
  }

  /** Entries that the server does not have yet, as it takes them. */
  unsent(content: Content): AssistTold[] {
    const { byId } = lookupOf(content.boxes)
    return this.entries
      .filter(({ told }) => !told)
      .map(({ key, kind, boxId, offered, checkpoint, seconds }) => ({
        key,
        kind,
        outcome: byId.has(boxId) ? 'taken' : 'refused',
        box_id: boxId,
        offered: offered && {
          ...offered,
          box: [...offered.box],
          before: offered.before && [...offered.before],
        },
        checkpoint,
        seconds: Math.min(Math.round(seconds * 1000) / 1000, LONGEST),
      }))
  }

  /** The server has `sent`; what has changed since is told with the next save. */
  landed(sent: readonly AssistTold[]): void {
    const seconds = new Map(sent.map((one) => [one.key, one.seconds]))
    const same = ({ key, seconds: now }: Told) => {
      const then = seconds.get(key)
      return then !== undefined && Math.abs(Math.min(now, LONGEST) - then) < 0.001
    }
    this.entries = this.entries.map((one) => (same(one) ? { ...one, told: true } : one))
  }

  private followDocument(before: Followed, after: Followed, now: number): void {
    const seconds = this.secondsSince(now)
    const name = stepBetween(before, after)
    if (name && NOT_WORK.has(name)) return
    const touched = touchedBetween(before.document.now, after.document.now)
    const told = touched.flatMap((one) => this.entryOf(one, name, after.assist.checkpoint) ?? [])
    for (const one of told) this.put({ ...one, seconds: one.seconds + seconds / told.length, told: false })
  }

  private followRefusals(before: Followed, after: Followed, now: number): void {
    const seconds = this.secondsSince(now)
    const { candidates, checkpoint, refused } = after.assist
    for (const index of refused) {
      const [box, best] = [candidates?.[index]?.box, candidates?.[index]?.classes[0]]
      if (before.assist.refused.has(index) || !box || !best) continue
      const offered = { class_id: best.class_id, box }
      this.put({ key: newKey(), kind: 'fill', boxId: '', offered, checkpoint, seconds, told: false })
    }
  }

  private secondsSince(now: number): number {
    const total = this.activity.seconds(now)
    const since = total - this.counted
    this.counted = total
    return Math.max(0, since)
  }

  /** The entry that a touched box's time goes to, as it is from now on; null where nobody asks about the box. */
  private entryOf({ was, is }: Touched, name: StepName | null, checkpoint: number | null): Told | null {
    const id = (is ?? was)?.id ?? ''
    const own = this.entries.filter(({ boxId }) => boxId === id)
    const drawn = own.find(({ kind }) => kind !== 'tighten')
    const tight = own.find(({ kind }) => kind === 'tighten')
    if (name === 'tighten' && was && is) {
      const offered = { ...labelledAs(is), before: tight?.offered?.before ?? was.box }
      return { ...(tight ?? entry('tighten', id, null)), offered }
    }
    if (drawn?.kind === 'click' && name === 'click' && is?.provenance === 'model')
      return { ...drawn, offered: labelledAs(is), checkpoint }
    if (drawn ?? tight) return drawn ?? tight ?? null
    const kind = name && !was ? NEW_BOXES[name] : undefined
    if (kind && is)
      return { ...entry(kind, id, kind === 'drawn' ? null : checkpoint), offered: labelledAs(is) }
    return isPrelabelled(id) ? entry('prelabel', id, null) : null
  }

  private put(entry: Told): void {
    const others = this.entries.filter(({ key }) => key !== entry.key)
    this.entries = [...others, entry].slice(-MOST)
  }
}

/** Boxes that a batch was pre-labelled with have ids of their own. */
const isPrelabelled = (id: string): boolean => id.startsWith('nm')

const labelledAs = ({ class_id, box }: LabelBox): Labelled => ({ class_id, box })

const entry = (kind: Kind, boxId: string, checkpoint: number | null): Told => ({
  key: newKey(),
  kind,
  boxId,
  offered: null,
  checkpoint,
  seconds: 0,
  told: false,
})

const newKey = (): string => crypto.randomUUID().replaceAll('-', '')

/** The step that was made; null where one was undone or done again. */
function stepBetween({ document: before }: Followed, { document: after }: Followed): StepName | null {
  const back = after.past.length < before.past.length || before.future.at(-1)?.before === after.now
  return back ? null : (after.past.at(-1)?.name ?? null)
}

type Touched = { readonly was: LabelBox | undefined; readonly is: LabelBox | undefined }

function touchedBetween(before: Content, after: Content): readonly Touched[] {
  if (before.boxes === after.boxes) return []
  const [then, now] = [lookupOf(before.boxes).byId, lookupOf(after.boxes).byId]
  const changed = after.boxes
    .filter((box) => then.get(box.id) !== box)
    .map((is) => ({ was: then.get(is.id), is }))
  const gone = before.boxes.filter(({ id }) => !now.has(id)).map((was) => ({ was, is: undefined }))
  return [...changed, ...gone]
}
