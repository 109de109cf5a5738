import type { components } from './schema'

/**
 * The nouns of the API as the front end reads them (`/api/v1/`), from the generated schema.
 * Times are ISO 8601 UTC strings; boxes are `[x1, y1, x2, y2]` pixels of the upright image.
 */

type Schemas = components['schemas']
export type Box = Schemas['Shape']['box']
/** What an object has beside its box: a polygon, a turned box or a mask. */
export type FinerShape = Schemas['FinerShape']
/** Whatever JSON holds, by key: dataset/query/jsonFacts.ts puts it in words. */
export type Metadata = Schemas['Image']['metadata']
/** One keyset page: pass `next` as `after` to read on; `null` is the end. */
export type Page<T> = { items: T[]; next: string | null }

// accounts

export type Role = Schemas['Project']['role']
export type Me = Schemas['Me']
export type Project = Schemas['Project']
export type Person = Schemas['Person']
export type Member = Schemas['Member']
export type Invitation = Schemas['Invitation']
/** An invitation as its receiver sees it. */
export type Offer = Schemas['Offer']
export type TokenRole = NonNullable<Schemas['TokenInRequest']['role']>
export type AuditLine = Schemas['AuditLine']
/** A token without a project reaches all that its person does. */
export type Token = Schemas['Token']
/** `token` is answered once, when it is made. */
export type NewToken = Schemas['NewToken']

// jobs

export type State = Schemas['Job']['state']
/** What a job gave back is its kind's: whoever knows the kind names the result. */
export type Job<Result = NonNullable<Schemas['Job']['result']>> = Omit<Schemas['Job'], 'result'> & {
  result: Result | null
}
/** What a stream tells: one of its fields, or a job with new lines of its log. */
export type News = Schemas['News']
/** A job without its result. */
export type JobNews = Schemas['JobNews']
export type LogLine = Schemas['JobLine']
export type Log = Schemas['JobLog']

// notices

export type Notice = Schemas['Notice']
export type Webhook = Schemas['Webhook']
/** `secret` is answered once, when it is made or changed. */
export type WebhookSecret = Schemas['WebhookSecret']
export type Delivery = Schemas['Delivery']

// dataset

export type DatasetClass = Schemas['DatasetClass']
export type Attribute = Schemas['Attribute']
export type AttributeKind = Attribute['kind']
export type Dataset = Schemas['Dataset']
/** An image as far as a thumbnail needs it. */
export type ImageBrief = Schemas['ImageBrief']
/** `score`, `verdict` and `error` only of boxes that have one. */
export type RowBox = Schemas['GridBox']
export type ImageRow = Schemas['ImageRow']
export type Annotation = Schemas['Annotation']
export type ImageDetail = Schemas['Image']
export type Upload = Schemas['Upload']
export type Counts = Schemas['Counts']
export type Revision = Schemas['Revision']
export type RevisionKind = Revision['kind']
export type RevisionDetail = Schemas['RevisionDetail']
export type Shape = Schemas['Shape']
export type Change = Schemas['Change']
export type ChangeKind = Change['change']
export type SliceOrigin = Slice['origin']
export type SliceBrief = Schemas['SliceBrief']
export type Slice = Schemas['Slice']
export type SliceDiff = Schemas['SliceDiff']
export type SliceUse = Schemas['SliceUse']
export type FrozenSlice = Schemas['FrozenSlice']
export type SliceStatistics = Schemas['SliceStatistics']
/** With an evaluation an object is one of its matches: then it has a verdict, and a score or an IoU where there is one. */
export type ObjectRow = Schemas['ObjectRow']
export type ObjectFacets = Schemas['ObjectFacets']
export type BoxFacets = Schemas['BoxFacets']
export type Tag = Schemas['Tag']
export type TagCount = Schemas['TagCount']
export type ImageVerdicts = Schemas['ImageVerdicts']
export type ChartData = Schemas['Chart']
export type ChartBar = ChartData['bars'][number]
export type AnalyticsOverview = Schemas['AnalyticsOverview']
export type BoxCentres = Schemas['Centres']
export type CrossTableData = Schemas['CrossTable']
export type CrossHead = Schemas['CrossHead']
export type LabelHistory = Schemas['History']
export type Differences = Schemas['Differences']
export type Finding = Schemas['Finding']
export type Facets = Schemas['Facets']
export type Completions = Schemas['Completions']
export type QueryCheck = Schemas['QueryCheck']
export type Manifest = Schemas['Manifest']
export type PredictionSet = Schemas['PredictionSet']

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
  notes: { kind: string; count: number; text: string; values?: Record<string, string> }[]
  /** Images by what is known of their labels; missing in reports of earlier versions. */
  label_states?: { labelled: number; negative: number; not_labelled: number } | null
  /** Boxes with a confidence that stood among the labels; `location` is there once the import is done. */
  predictions?: { files: number; boxes: number; location: string | null } | null
  /** What a file does not tell; an import waits for the answer. */
  questions?: ImportQuestion[]
}
export type ImportAnswers = Pick<Schemas['ImportInRequest'], 'box_form' | 'class_numbers'>
export type ImportQuestion = {
  kind: keyof ImportAnswers
  file: string
  text: string
  choices: string[]
  likely: string
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

export type AutoCurate = Schemas['AutoCurate']
export type AutoCurateDetail = Schemas['AutoCurateDetail']
export type AutoCurateKind = AutoCurate['kind']
export type ReviewPlan = Schemas['ReviewPlan']
/** What some minutes of review will bring, and what came so far. */
export type ReviewForecast = Schemas['Forecast']
export type Came = Schemas['Came']
/** A review of mislabels: its plan, what it will bring, whether to search again. */
export type Review = Schemas['Review']
/** Checkpoints on the old and on the new labels of a validation slice. */
export type ValidationTable = Schemas['ValidationTable']
export type ScoredCell = Schemas['ScoredCell']
/** How the finder of mislabels does on planted errors; null as long as it was not tested. */
export type SelfTest = Schemas['SelfTest']
export type SelfTestResult = NonNullable<SelfTest['result']>
export type SelfTestCut = SelfTestResult['cuts'][number]
/** A figure with its 95 % interval. */
export type Estimate = Schemas['Estimate']
export type PickedImage = Schemas['Pick']
export type Suggestion = Schemas['Suggestion']
export type SuggestionKind = Suggestion['kind']
export type Verdict = Suggestion['verdict']
export type Interval = Schemas['Interval']
export type Figures = Schemas['Figures']
export type FigureName = keyof Figures
export type Evaluation = Schemas['Evaluation']
export type PerClass = Schemas['ClassFigures']
export type EvaluationDetail = Schemas['EvaluationDetail']
export type Curves = Schemas['Curves']
export type Confusion = Schemas['Confusion']
export type ErrorType = Schemas['ErrorType']
export type AtPoint = Schemas['AtPoint']
export type OverConfidence = Schemas['OverConfidence']
export type ErrorBudget = Schemas['Budget']
export type PartFigures = Schemas['PartFigures']
export type OtherRule = Schemas['OtherRule']
export type Parts = Schemas['Parts']
export type Part = Schemas['Part']
export type WeakSlices = Schemas['WeakSlices']
export type WeakSlice = Schemas['WeakSlice']
export type EvaluationPoint = Schemas['Point']
export type Delta = Schemas['Difference']
export type GainVerdict = Delta['verdict']
export type ComparedFigure = keyof Schemas['Delta']
/** What comparisons made by earlier versions lack is optional. */
export type Comparison = Schemas['Comparison']
export type Changes = NonNullable<Comparison['changes']>
export type ChangedObject = Schemas['ChangedObject']
export type ProjectEvaluation = Schemas['ProjectEvaluation']
export type RunChanges = Schemas['RunChanges']
/** A run in the tree of a project's trainings. */
export type RunStep = Schemas['RunStep']
/** One iteration of the loop: from a run to the one that goes on from it, with all that lies between. */
export type Ledger = Schemas['Ledger']
export type LedgerGain = Schemas['Gain']
/** An iteration in a line. */
export type Iteration = Schemas['Iteration']
/** What a step was worth: a comparison, or else the pair that could be compared. */
export type Worth = Schemas['Worth']
export type EvaluationPreview = Schemas['EvaluationPreview']
type ComparisonResults = Pick<
  Comparison,
  'same_labels' | 'images' | 'delta' | 'per_class' | 'fixed' | 'broken' | 'pair'
>
/** A comparison whose job has ended well. */
export type FinishedComparison = Omit<Comparison, keyof ComparisonResults> & {
  [Key in keyof ComparisonResults]: NonNullable<ComparisonResults[Key]>
}

// improve

/** Where a dataset is in the loop, and what to do next. Gains are in points of mAP. */
export type Improve = Schemas['Improve']
export type ImproveStep = Schemas['ImproveStep']
export type LoopStage = Schemas['LoopStage']
export type PointsGain = Schemas['PointsGain']
export type LearningCurve = Schemas['LearningCurve']
export type CurvePoint = Schemas['CurvePoint']
export type PowerLaw = Schemas['PowerLaw']

// label

/** Somebody who can be given tasks of a batch. */
export type BatchPerson = Schemas['BatchPerson']
export type TaskPart = Schemas['TaskPartRequest']
export type AssignedPart = Schemas['Assigned']
export type Instructions = Schemas['Instructions']
export type Batch = Schemas['Batch']
export type TaskRow = Schemas['TaskRow']
export type TaskState = TaskRow['state']
/** `id` is `o<object id>` for an object that exists and `n<uuid>` for a new one. */
export type TaskBox = Task['boxes'][number]
export type Task = Schemas['Task']
export type Comment = Schemas['Comment']
/** A suggestion of a batch, as the grid of crops shows it. */
export type GridSuggestion = Schemas['GridSuggestion']
export type GridCounts = Schemas['GridCounts']
/** The frames of a sequence that are in a batch, with the boxes of its tracks. */
export type SequenceFrames = Schemas['Sequence']
export type Issue = Schemas['Issue']
export type IssueKind = Issue['kind']
export type TaskReview = Schemas['TaskReview']
export type ReviewRound = Schemas['ReviewRound']
export type BatchReview = Schemas['BatchReview']
export type PersonReview = Schemas['PersonReview']
/** What is mine, and next, in Label. */
export type LabelDesk = Schemas['LabelDesk']
export type MergePreview = Schemas['MergePreview']
/** `object_id` is null for an object that does not exist yet; `key` is unique in the preview. */
export type MergeItem = Schemas['MergeItem']
export type MergeConflict = Schemas['MergeConflict']
/** `both` is open only where both sides drew a new box. */
export type Resolution = 'ours' | 'theirs' | 'both'
/** `revision` is the number of the new one, null where there was nothing new; `note` says what came of it. */
export type Merged = Schemas['Merged']

// model

/** Values by the engine's names for them. */
export type RunSettings = Run['settings']
/** `weights` are what a run of it can start from: `base`, `scratch`, or a checkpoint's id. */
export type Baseline = Schemas['Baseline']
export type Checkpoint = Schemas['Checkpoint']
/** A checkpoint in another form, and how it differs from it. */
export type ExportedForm = Schemas['Form']
export type FormRequest = Schemas['FormInRequest']
export type MeasureRequest = Schemas['MeasureInRequest']
export type AugmentationsRequest = Schemas['PicturesInRequest']
/** An image as a training would feed it to its network. */
export type TrainingPicture = Schemas['TrainingPicture']
/** A search for better settings: `tried` are its repeats and trials, `floor` what another seed brings. */
export type SettingsSearch = Schemas['SettingsSearch']
export type SearchBrief = Schemas['SettingsSearchBrief']
export type SearchRequest = Schemas['SettingsSearchInRequest']
export type SearchEstimate = Schemas['SettingsSearchEstimate']
export type Searchable = Schemas['Searchable']
export type SettingRange = SettingsSearch['ranges'][number]
export type Trial = Schemas['Trial']
export type RunWeights = Schemas['RunWeights']
export type RunRequest = Schemas['RunInRequest']
export type RunBrief = Schemas['RunBrief']
export type Run = Schemas['Run']
export type RunDetail = Schemas['RunDetail']
export type EpochMetrics = Schemas['RunEpoch']
/** `result` is what its judged pairs show so far; null until the first. */
export type Experiment = Schemas['Experiment']
export type ExperimentRun = Schemas['ExperimentRun']
export type ExperimentResult = Schemas['ExperimentResult']
export type ExperimentMemory = Schemas['Memory']
export type ExperimentRequest = Schemas['ExperimentInRequest']
export type ExperimentEstimate = Schemas['ExperimentEstimate']
export type ClassChanges = Schemas['ClassChanges']
/** Rules of a gate, and the scenarios that they name. */
export type Gate = Schemas['Gate']
export type GateDocument = Gate['document']
export type GateRule = GateDocument['rules'][number]
export type GateResult = Schemas['GateResult']
export type GateRow = Schemas['GateRow']
export type GateVerdict = GateRow['verdict']
export type Endpoint = Schemas['Endpoint']
export type Deployment = Schemas['Deployment']
export type EndpointAnswer = Schemas['EndpointAnswer']
export type Drift = Schemas['Drift']
export type EndpointMetricsPoint = Schemas['MetricsPoint']

// embeddings

export type Embeddings = Schemas['Embeddings']
export type EmbeddingMap = Schemas['EmbeddingMap']
export type ColourGroup = Schemas['ColourGroup']
export type MapColours = Schemas['MapColours']
export type SimilarImages = Schemas['SimilarImages']

// people and quality of a batch

export type BatchFigures = Schemas['BatchFigures']
export type PersonFigures = Schemas['PersonFigures']
export type ErrorRate = Schemas['ErrorRate']
export type Agreement = Schemas['Agreement']
export type Alpha = Schemas['Alpha']
export type RestOfWork = Schemas['Rest']
export type TimeRow = Schemas['ReportRow']
export type GoldTask = Schemas['GoldTask']
export type SeveralTask = Schemas['SeveralTask']
export type Compared = Schemas['Compared']
export type SeenObject = Schemas['Seen']
