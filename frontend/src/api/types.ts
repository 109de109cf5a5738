import type { components } from './schema'

/**
 * The nouns of the API as the front end reads them (`/api/v1/`), from the generated schema.
 * Times are ISO 8601 UTC strings; boxes are `[x1, y1, x2, y2]` pixels of the upright image.
 */

type Schemas = components['schemas']
export type Box = [number, number, number, number]

/**
 * An answer of the API: every field is there, and what is called `box` has four numbers. OpenAPI marks fields with a
 * default as optional and can say nothing of a list's length.
 */
type Answer<T> = T extends readonly (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]-?: Key extends 'box' ? BoxOf<T[Key]> : Answer<T[Key]> }
    : T
type BoxOf<T> = null extends T ? Box | null : Box
/** The same with some fields given more exactly than the schema can. */
type With<T, Fields> = Omit<T, keyof Fields> & Fields

/** Whatever JSON holds, by key: dataset/query/jsonFacts.ts puts it in words. */
export type Metadata = Record<string, unknown>
/** One keyset page: pass `next` as `after` to read on; `null` is the end. */
export type Page<T> = { items: T[]; next: string | null }

// accounts

export type Role = Schemas['Project']['role']
export type Me = Answer<Schemas['Me']>
export type Project = Answer<Schemas['Project']>
export type Person = Answer<Schemas['Person']>
export type Member = Answer<Schemas['Member']>
/** Answer to adding a member: a new person comes with a password that is shown once. */
export type NewMember = Answer<Schemas['NewMember']>
export type AuditLine = With<Answer<Schemas['AuditLine']>, { data: Record<string, unknown> }>
/** A token without a project reaches all that its person does. */
export type Token = Answer<Schemas['Token']>
/** `token` is answered once, when it is made. */
export type NewToken = Answer<Schemas['NewToken']>

// jobs

export type State = Answer<Schemas['Job']>['state']
export type Job<Result = Record<string, unknown>> = With<Answer<Schemas['Job']>, { result: Result | null }>
export type LogLine = Answer<Schemas['JobLine']>
export type Log = Answer<Schemas['JobLog']>

// dataset

export type DatasetClass = Answer<Schemas['DatasetClass']>
export type Dataset = Answer<Schemas['Dataset']>
/** An image as far as a thumbnail needs it. */
export type ImageBrief = Answer<Schemas['ImageBrief']>
/** `score`, `verdict` and `error` only of boxes that have one. */
export type RowBox = With<
  Answer<Schemas['GridBox']>,
  { score?: number; verdict?: 'tp' | 'fp' | 'fn'; error?: string }
>
export type ImageRow = With<Answer<Schemas['ImageRow']>, { metadata: Metadata; boxes?: RowBox[] }>
export type Annotation = With<Answer<Schemas['Annotation']>, { attributes: Metadata }>
export type ImageDetail = With<Answer<Schemas['Image']>, { metadata: Metadata; annotations: Annotation[] }>
export type Upload = Answer<Schemas['Upload']>
export type Counts = Answer<Schemas['Counts']>
export type Revision = Answer<Schemas['Revision']>
export type RevisionKind = Revision['kind']
export type RevisionDetail = Answer<Schemas['RevisionDetail']>
export type Shape = Answer<Schemas['Shape']>
export type Change = Answer<Schemas['Change']>
export type ChangeKind = Change['change']
export type SliceOrigin = {
  kind: Schemas['OriginInKindEnum']
  q?: string
  auto_curate?: number
  evaluation?: number
  /** What was asked of the boxes of a diagnosis. */
  conditions?: object
  operation?: 'union' | 'intersect' | 'subtract'
  /** Named as they were then; of set operations in their order, of a manifest those that it froze. */
  slices?: { id: number; name: string }[]
  content_hash?: string
  [more: string]: unknown
}
export type SliceBrief = With<Answer<Schemas['SliceBrief']>, { image_count?: number }>
export type Slice = With<Answer<Schemas['Slice']>, { origin: SliceOrigin }>
export type SliceDiff = Answer<Schemas['SliceDiff']>
export type SliceUse = Answer<Schemas['SliceUse']>
export type FrozenSlice = Answer<Schemas['FrozenSlice']>
export type SliceStatistics = Answer<Schemas['SliceStatistics']>
/** With an evaluation an object is one of its matches: then it has a verdict, and a score or an IoU where there is one. */
export type ObjectRow = With<
  Answer<Schemas['ObjectRow']>,
  {
    attributes: Metadata
    boxes: RowBox[]
    region: Box
    verdict?: 'tp' | 'fp' | 'fn'
    error?: string
    score?: number
    iou?: number
  }
>
export type ObjectFacets = Answer<Schemas['ObjectFacets']>
export type BoxFacets = Answer<Schemas['BoxFacets']>
export type Tag = Answer<Schemas['Tag']>
export type TagCount = Answer<Schemas['TagCount']>
export type ImageVerdicts = Answer<Schemas['ImageVerdicts']>
export type ChartData = Answer<Schemas['Chart']>
export type ChartBar = ChartData['bars'][number]
export type AnalyticsOverview = Answer<Schemas['AnalyticsOverview']>
export type BoxCentres = Answer<Schemas['Centres']>
export type CrossTableData = Answer<Schemas['CrossTable']>
export type CrossHead = Answer<Schemas['CrossHead']>
export type LabelHistory = Answer<Schemas['History']>
export type Differences = Answer<Schemas['Differences']>
export type Finding = Answer<Schemas['Finding']>
export type Facets = Answer<Schemas['Facets']>
export type Completions = Answer<Schemas['Completions']>
export type QueryCheck = Answer<Schemas['QueryCheck']>
export type Manifest = Answer<Schemas['Manifest']>
export type PredictionSet = Answer<Schemas['PredictionSet']>

/** Result of an import's job; the schema leaves a job's result open. */
export type ImportReport = {
  format: string
  dry_run: boolean
  images: { found: number; added: number; unchanged: number; skipped: number }
  boxes: {
    found: number
    added: number
    changed: number
    removed: number
    unchanged: number
    clipped: number
    skipped: number
  }
  /** Boxes by class: named in the labels, and fit to be taken. */
  classes: { name: string; found: number; usable: number; new: boolean }[]
  revision: number | null
  /** The first thousand, and the first hundred of each kind. */
  problems: ImportProblem[]
  problems_total: number
  kinds: { kind: string; action: ImportProblem['action']; entries: number; count: number }[]
  notes: { kind: string; count: number; text: string }[]
}
export type ImportProblem = {
  file: string
  line?: number | null
  record?: string | number | null
  reason: string
  action: 'skipped' | 'repaired' | 'kept'
  kind: string
  count?: number
}
/** Result of an import of predictions. */
export type PredictionsReport = Pick<ImportReport, 'problems' | 'problems_total' | 'kinds'> & {
  prediction_set: number
  found: number
  stored: number
  images: number
}
/** Result of an export's job. `problems` are what the format has no place for. */
export type ExportReport = {
  format: string
  revision: number
  images: { exported: number; files: number }
  boxes: { exported: number; skipped: number }
  predictions: number | null
  problems: ImportProblem[]
  problems_total: number
  download: string
  size: number
  sha256: string
  expires_at: string
}

// curate

export type AutoCurate = With<
  Answer<Schemas['AutoCurate']>,
  { params: Record<string, unknown>; report: Record<string, unknown> | null }
>
export type AutoCurateKind = AutoCurate['kind']
export type Suggestion = With<
  Answer<Schemas['Suggestion']>,
  { parts: Record<string, number>; reason_params: Record<string, string | number> }
>
export type SuggestionKind = Suggestion['kind']
export type Verdict = Suggestion['verdict']
export type Interval = Answer<Schemas['Interval']>
export type Figures = Answer<Schemas['Figures']>
export type FigureName = keyof Figures
export type Evaluation = Answer<Schemas['Evaluation']>
export type PerClass = Answer<Schemas['ClassFigures']>
export type EvaluationDetail = Answer<Schemas['EvaluationDetail']>
export type Curves = Answer<Schemas['Curves']>
export type Confusion = Answer<Schemas['Confusion']>
export type ErrorType = Answer<Schemas['ErrorType']>
export type AtPoint = Answer<Schemas['AtPoint']>
export type OverConfidence = Answer<Schemas['OverConfidence']>
export type ErrorBudget = Answer<Schemas['Budget']>
export type PartFigures = Answer<Schemas['PartFigures']>
export type OtherRule = Answer<Schemas['OtherRule']>
export type Parts = Answer<Schemas['Parts']>
export type Part = Answer<Schemas['Part']>
export type WeakSlices = Answer<Schemas['WeakSlices']>
export type WeakSlice = Answer<Schemas['WeakSlice']>
export type EvaluationPoint = Answer<Schemas['Point']>
export type Delta = Answer<Schemas['Difference']>
export type GainVerdict = Delta['verdict']
export type ComparedFigure = keyof Schemas['Delta']
type Row = { a: number | null; b: number | null; difference?: Delta }
/** What comparisons made by earlier versions lack is optional. */
export type Comparison = With<
  Answer<Schemas['Comparison']>,
  {
    delta: ({ [Name in ComparedFigure]?: Delta } & { mAP: Delta; mAP50: Delta }) | null
    table: {
      old_labels: Row
      new_labels: Row
      down?: { a: Delta; b: Delta }
      old_revision: number
      new_revision: number
    } | null
  }
>
export type Changes = NonNullable<Comparison['changes']>
export type ChangedObject = With<
  Answer<Schemas['ChangedObject']>,
  { earlier: ObjectRow | null; later: ObjectRow | null }
>
export type ProjectEvaluation = Answer<Schemas['ProjectEvaluation']>
type SettingChange = { name: string; before: unknown; after: unknown }
export type RunChanges = With<Answer<Schemas['RunChanges']>, { settings: SettingChange[] }>
/** A run in the tree of a project's trainings. */
export type RunStep = With<Answer<Schemas['RunStep']>, { changes: RunChanges | null }>
/** What a step was worth: a comparison, or else the pair that could be compared. */
export type Worth = Answer<Schemas['Worth']>
export type EvaluationPreview = Answer<Schemas['EvaluationPreview']>
type ComparisonResults = Pick<
  Comparison,
  'same_labels' | 'images' | 'delta' | 'per_class' | 'fixed' | 'broken' | 'pair'
>
/** A comparison whose job has ended well. */
export type FinishedComparison = With<
  Comparison,
  { [Key in keyof ComparisonResults]: NonNullable<ComparisonResults[Key]> }
>

// label

export type Batch = Answer<Schemas['Batch']>
export type TaskRow = Answer<Schemas['TaskRow']>
export type TaskState = TaskRow['state']
/** `id` is `o<object id>` for an object that exists and `n<uuid>` for a new one. */
export type TaskBox = With<Answer<Schemas['TaskBox']>, { attributes: Metadata }>
export type Task = With<Answer<Schemas['Task']>, { boxes: TaskBox[]; suggestions: Suggestion[] }>
export type Comment = Answer<Schemas['Comment']>
export type MergePreview = Answer<Schemas['MergePreview']>
/** `object_id` is null for an object that does not exist yet; `key` is unique in the preview. */
export type MergeItem = Answer<Schemas['MergeItem']>
export type MergeConflict = Answer<Schemas['MergeConflict']>
/** `both` is open only where both sides drew a new box. */
export type Resolution = 'ours' | 'theirs' | 'both'
/** `revision` is the number of the new one, null where there was nothing new; `note` says what came of it. */
export type Merged = Answer<Schemas['Merged']>

// model

/** Values by the engine's names for them. */
export type RunSettings = Record<string, number | string | boolean | null>
/** `weights` are what a run of it can start from: `base`, `scratch`, or a checkpoint's id. */
export type Baseline = With<Answer<Schemas['Baseline']>, { settings: RunSettings }>
export type Checkpoint = Answer<Schemas['Checkpoint']>
export type RunWeights = Schemas['RunWeights']
export type RunRequest = With<Schemas['RunInRequest'], { settings: RunSettings }>
export type RunBrief = Answer<Schemas['RunBrief']>
type RunFields = {
  settings: RunSettings
  evaluation: { id: number; figures: Figures | null; interval: Interval | null } | null
}
export type Run = With<Answer<Schemas['Run']>, RunFields>
export type RunDetail = With<Answer<Schemas['RunDetail']>, RunFields>
export type EpochMetrics = With<Answer<Schemas['RunEpoch']>, { metrics: Record<string, number> }>

// embeddings

export type Embeddings = Answer<Schemas['Embeddings']>
export type EmbeddingMap = Answer<Schemas['EmbeddingMap']>
export type ColourGroup = Schemas['ColourGroup']
export type MapColours = Omit<Schemas['MapColours'], 'groups'> & { groups: ColourGroup[] }
export type SimilarImages = Answer<Schemas['SimilarImages']>
