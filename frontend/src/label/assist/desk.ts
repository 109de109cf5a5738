import type { Size } from '../../canvas/box'
import type { Content } from '../canvas/content'
import type { Stage, ToolName } from '../canvas/tools/tool'
import type { Offer } from './offers'
import type { AssistState, GhostParts, OfferParts } from './state'

/** What offers are taken into. The editor is one; it knows the tools here, so they do not know it. */
export interface AssistDesk extends Stage {
  readonly state: GhostParts & OfferParts & { readonly tool: ToolName }
  readonly content: Content
  readonly image: Size
  setAssist(part: Partial<AssistState>): void
  /** What a click where the pointer is would take. */
  aimAt(offer: Offer | null): void
  undo(): void
  setTool(tool: ToolName): void
}
