import { beforeEach, describe, expect, it } from 'vitest'
import type { Xyxy } from '../../../canvas/box'
import { fitted, type Viewport } from '../../../canvas/viewport'
import type { LabelBox } from '../content'
import { type Change, commit, type LabelDocument, openDocument, type StepName } from '../document'
import type { Guide } from '../snap'
import { DrawTool } from './draw'
import { PanTool } from './pan'
import { SelectTool } from './select'
import type { PointerInput, Stage, Tool } from './tool'

const image = { width: 200, height: 100 }
/** One screen pixel is one image pixel, shifted by 16: what a 232 × 132 screen gives. */
const oneToOne: Viewport = { ...fitted(image, { width: 232, height: 132 }), scale: 1, x: 0, y: 0 }

function box(id: string, xyxy: LabelBox['box']): LabelBox {
  return { id, object_id: null, class_id: 1, box: xyxy, attributes: {}, ignore: 'no', provenance: 'imported' }
}

const touches = (a: Xyxy, b: Xyxy) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]

class TestStage implements Stage {
  focusPoint(): void {}
  readonly image = image
  viewport = oneToOne
  selection: readonly string[] = []
  activeClass = 4
  readonly brush = 6
  document: LabelDocument
  steps: StepName[] = []
  constructor(...boxes: LabelBox[]) {
    this.document = openDocument(image, { boxes, decisions: {} })
  }
  visibleBoxes = () => this.document.now.boxes
  locked = ''
  guides: Guide[] = []
  reachable = (area: Xyxy) =>
    this.document.now.boxes.filter((one) => !this.isLocked(one) && touches(one.box, area))
  box = (id: string | undefined) => this.document.now.boxes.find((one) => one.id === id)
  isShown = () => true
  isLocked = (one: LabelBox) => one.id === this.locked
  snap: Stage['snap'] = (edges, { free }) => {
    const guide = free ? undefined : this.guides.find((one) => edges.some(({ axis }) => axis === one.axis))
    const edge = guide && edges.find(({ axis, at }) => axis === guide.axis && Math.abs(at - guide.at) < 6)
    return guide && edge ? { dx: guide.at - edge.at, dy: 0, guides: [guide] } : { dx: 0, dy: 0, guides: [] }
  }
  setViewport = (viewport: Viewport) => {
    this.viewport = viewport
  }
  select = (ids: readonly string[]) => {
    this.selection = ids
  }
  commit = (name: StepName, change: Change) => {
    this.steps.push(name)
    this.document = commit(this.document, name, change)
  }
  newId = () => 'n1'
  boxNow = (id: string) => this.document.now.boxes.find((one) => one.id === id)?.box
}

const at = (x: number, y: number, more: Partial<PointerInput> = {}): PointerInput => ({
  x,
  y,
  shift: false,
  alt: false,
  coarse: false,
  ...more,
})

function drag(tool: Tool, from: PointerInput, to: PointerInput): void {
  tool.pointerDown(from)
  tool.pointerMove({ ...to, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 })
  tool.pointerMove(to)
  tool.pointerUp(to)
}

function click(tool: Tool, where: PointerInput): void {
  tool.pointerDown(where)
  tool.pointerUp(where)
}

describe('draw', () => {
  let stage: TestStage
  let tool: DrawTool
  beforeEach(() => {
    stage = new TestStage()
    tool = new DrawTool(stage)
  })

  it('works by dragging, in any direction', () => {
    drag(tool, at(60, 50), at(20, 30))
    expect(stage.document.now.boxes[0]).toMatchObject({ id: 'n1', class_id: 4, box: [20, 30, 60, 50] })
    expect(stage.selection).toEqual(['n1'])
  })
  it('works by two clicks', () => {
    click(tool, at(20, 30))
    tool.pointerMove(at(60, 50))
    expect(tool.preview()?.boxes.get('drawing')).toEqual([20, 30, 60, 50])
    click(tool, at(60, 50))
    expect(stage.boxNow('n1')).toEqual([20, 30, 60, 50])
    expect(tool.busy).toBe(false)
  })
  it('puts its corners where they snap to', () => {
    stage.guides = [{ axis: 'x', at: 64, to: 'picture' }]
    drag(tool, at(20, 30), at(60, 50))
    expect(stage.boxNow('n1')).toEqual([20, 30, 64, 50])
  })
  it('stops at the image', () => {
    drag(tool, at(150, 80), at(900, 900))
    expect(stage.boxNow('n1')).toEqual([150, 80, 200, 100])
  })
  it('draws nothing for two clicks on one spot', () => {
    click(tool, at(20, 30))
    click(tool, at(21, 30))
    expect(stage.steps).toEqual([])
    expect(tool.busy).toBe(false)
  })
  it('forgets a cancelled box', () => {
    tool.pointerDown(at(10, 10))
    tool.pointerMove(at(50, 50))
    tool.cancel()
    tool.pointerUp(at(60, 60))
    expect(stage.steps).toEqual([])
    expect(tool.preview()).toBeNull()
  })
  it('may be thin: a line of people is a box of 40 × 2', () => {
    drag(tool, at(20, 30), at(60, 32))
    expect(stage.boxNow('n1')).toEqual([20, 30, 60, 32])
  })
})

describe('select', () => {
  let stage: TestStage
  let tool: SelectTool
  beforeEach(() => {
    stage = new TestStage(
      box('big', [10, 10, 110, 90]),
      box('small', [40, 40, 60, 60]),
      box('far', [150, 20, 190, 60]),
    )
    tool = new SelectTool(stage)
  })

  it('takes the smaller of two boxes under the pointer', () => {
    click(tool, at(50, 50))
    expect(stage.selection).toEqual(['small'])
  })
  it('takes the box whose outline is hit, even if it is the larger', () => {
    click(tool, at(50, 11))
    expect(stage.selection).toEqual(['big'])
  })
  it('goes to the next box below with Alt', () => {
    click(tool, at(50, 50))
    click(tool, at(50, 50, { alt: true }))
    expect(stage.selection).toEqual(['big'])
    click(tool, at(50, 50, { alt: true }))
    expect(stage.selection).toEqual(['small'])
  })
  it('adds and takes away with Shift', () => {
    click(tool, at(50, 50))
    click(tool, at(170, 40, { shift: true }))
    expect(stage.selection).toEqual(['small', 'far'])
    click(tool, at(50, 50, { shift: true }))
    expect(stage.selection).toEqual(['far'])
  })
  it('lets go on an empty place', () => {
    click(tool, at(50, 50))
    click(tool, at(130, 95))
    expect(stage.selection).toEqual([])
  })
  it('moves what it presses on, as one step', () => {
    drag(tool, at(170, 40), at(160, 45))
    expect(stage.boxNow('far')).toEqual([140, 25, 180, 65])
    expect(stage.steps).toEqual(['move'])
  })
  it('moves all that are selected', () => {
    stage.selection = ['small', 'far']
    drag(tool, at(50, 50), at(45, 50))
    expect(stage.boxNow('small')).toEqual([35, 40, 55, 60])
    expect(stage.boxNow('far')).toEqual([145, 20, 185, 60])
  })
  it('shows the move before it is done, and Escape takes it back', () => {
    tool.pointerDown(at(170, 40))
    tool.pointerMove(at(160, 40))
    expect(tool.preview()?.boxes.get('far')).toEqual([140, 20, 180, 60])
    expect(stage.boxNow('far')).toEqual([150, 20, 190, 60])
    tool.cancel()
    tool.pointerUp(at(160, 40))
    expect(stage.steps).toEqual([])
  })
  it('resizes by a corner of the selected box, through the opposite edge', () => {
    stage.selection = ['far']
    drag(tool, at(150, 20), at(199, 80))
    expect(stage.boxNow('far')).toEqual([190, 60, 199, 80])
  })
  it('resizes by a whole edge', () => {
    stage.selection = ['far']
    drag(tool, at(190, 33), at(180, 50))
    expect(stage.boxNow('far')).toEqual([150, 20, 180, 60])
  })
  it('looks through the loupe at the corner that is held, also after it turned over', () => {
    stage.selection = ['far']
    tool.pointerDown(at(150, 20))
    tool.pointerMove(at(199, 30))
    expect(tool.preview()?.focus).toEqual({ x: 199, y: 30 })
  })
  it('resizes to what the edge snaps to, unless Ctrl is held', () => {
    stage.selection = ['far']
    stage.guides = [{ axis: 'x', at: 180, to: 'box' }]
    drag(tool, at(190, 33), at(184, 33))
    expect(stage.boxNow('far')).toEqual([150, 20, 180, 60])
    drag(tool, at(180, 33, { free: true }), at(184, 33, { free: true }))
    expect(stage.boxNow('far')).toEqual([150, 20, 184, 60])
  })
  it('does not touch what is locked: neither to select, nor to move, nor to resize', () => {
    stage.locked = 'small'
    click(tool, at(50, 50))
    expect(stage.selection).toEqual(['big'])
    stage.selection = ['small']
    drag(tool, at(40, 40), at(30, 30))
    expect(stage.boxNow('small')).toEqual([40, 40, 60, 60])
  })
  it('pans where there is nothing', () => {
    drag(tool, at(130, 95), at(120, 90))
    expect(stage.viewport).toMatchObject({ x: -10, y: -5 })
    expect(stage.steps).toEqual([])
  })
  it('selects by a rectangle with Shift', () => {
    drag(tool, at(130, 95, { shift: true }), at(160, 10, { shift: true }))
    expect(stage.selection).toEqual(['far'])
  })
  it('says by the cursor what a press would do', () => {
    stage.selection = ['far']
    expect(tool.cursor(at(150, 20))).toBe('nwse-resize')
    expect(tool.cursor(at(170, 60))).toBe('ns-resize')
    expect(tool.cursor(at(170, 40))).toBe('move')
    expect(tool.cursor(at(130, 5))).toBe('default')
  })
  it('gives fingers larger handles', () => {
    stage.selection = ['far']
    expect(tool.cursor(at(139, 12, { coarse: true }))).toBe('nwse-resize')
    expect(tool.cursor(at(139, 12))).toBe('default')
  })
})

describe('pan', () => {
  it('follows the pointer while it is pressed', () => {
    const stage = new TestStage()
    const tool = new PanTool(stage)
    tool.pointerMove(at(50, 50))
    expect(stage.viewport.x).toBe(0)
    drag(tool, at(50, 50), at(60, 45))
    expect(stage.viewport).toMatchObject({ x: 10, y: -5 })
    expect(tool.cursor()).toBe('grab')
  })
})
