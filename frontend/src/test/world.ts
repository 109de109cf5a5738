import type { Answer } from '../api/calls'
import type {
  Batch,
  Checkpoint,
  Dataset,
  Evaluation,
  ImageRow,
  Issue,
  Job,
  Me,
  Page,
  Person,
  PredictionSet,
  Project,
  ReviewRound,
  Role,
  Run,
  Slice,
  Task,
  TaskReview,
} from '../api/types'
import type { Answers } from './server'

/** A small world for tests: Alice owns a project with one dataset of two classes. Each thing can be told otherwise. */

const THEN = '2026-03-01T12:00:00Z'

export const alice: Person = { id: 1, email: 'alice@example.org', name: 'Alice' }
export const bob: Person = { id: 2, email: 'bob@example.org', name: 'Bob' }

export const page = <T = never>(...items: T[]): Page<T> => ({ items, next: null })

export const aMe = (part: Partial<Me> = {}): Me => ({
  ...alice,
  language: 'en',
  theme: 'dark',
  is_admin: false,
  second_factor: false,
  ...part,
})

export const aProject = (part: Partial<Project> = {}): Project => ({
  id: 3,
  name: 'Roads',
  slug: 'roads',
  role: 'owner',
  created_at: THEN,
  datasets: 1,
  ...part,
})

export const car = { id: 11, index: 0, name: 'car', colour: '#3b82f6', hotkey: '1' }
export const rider = { id: 12, index: 1, name: 'rider', colour: '#f59e0b', hotkey: '2' }

export const aDataset = (part: Partial<Dataset> = {}): Dataset => ({
  id: 7,
  project: 3,
  name: 'Night drives',
  description: '',
  classes: [car, rider],
  attributes: [],
  head_revision: 4,
  image_count: 120,
  annotation_count: 800,
  created_at: THEN,
  metadata_keys: ['weather'],
  cover: [],
  ...part,
})

export const aSlice = (part: Partial<Slice> = {}): Slice => ({
  id: 21,
  dataset: 7,
  name: 'rainy',
  description: '',
  image_count: 40,
  origin: { kind: 'query', q: 'weather = "rainy"' },
  created_by: alice,
  created_at: THEN,
  ...part,
})

export const aJob = (part: Partial<Job> = {}): Job => ({
  id: 31,
  kind: 'train',
  title: 'Train night',
  title_code: 'train',
  title_names: { run: 'night' },
  project: 3,
  dataset: 7,
  state: 'running',
  progress: 0.25,
  message: 'Epoch 3 of 12',
  message_parts: [{ code: 'epoch', names: { epoch: '3', epochs: '12' }, text: 'Epoch 3 of 12' }],
  result: null,
  error: null,
  queue: 'gpu',
  attempts: 1,
  created_by: alice,
  created_at: THEN,
  started_at: THEN,
  finished_at: null,
  eta_seconds: 90,
  cancel_requested: false,
  link: null,
  ...part,
})

export const anImage = (part: Partial<ImageRow> = {}): ImageRow => ({
  id: 101,
  key: 'night/0001.jpg',
  width: 1280,
  height: 720,
  thumb: '/api/v1/images/101/thumbnail?size=320',
  file: '/api/v1/images/101/file',
  metadata: { weather: 'rainy' },
  sequence: 'night',
  label_state: 'labelled',
  boxes: [],
  ...part,
})

export const aPredictionSet = (part: Partial<PredictionSet> = {}): PredictionSet => ({
  id: 41,
  dataset: 7,
  name: 'night on test',
  manifest: {
    id: 51,
    dataset: 7,
    slices: [{ id: 22, name: 'test' }],
    revision: 4,
    content_hash: 'abc123def456',
    image_count: 40,
    annotation_count: 260,
    created_at: THEN,
  },
  checkpoint: 61,
  kind: 'run',
  image_count: 40,
  box_count: 300,
  created_at: THEN,
  ...part,
})

export const aCheckpoint = (part: Partial<Checkpoint> = {}): Checkpoint => ({
  id: 61,
  run: 71,
  project: 3,
  name: 'night best',
  kind: 'best',
  classes: ['car', 'rider'],
  sha256: 'f'.repeat(64),
  size: 5_000_000,
  epoch: 12,
  architecture: 'yolo11n',
  imgsz: 320,
  parameters: 2_600_000,
  created_by: alice,
  created_at: THEN,
  ...part,
})

export const aBatch = (part: Partial<Batch> = {}): Batch => ({
  id: 81,
  dataset: 7,
  name: 'Doubtful riders',
  slice: { id: 21, name: 'rainy', image_count: 40 },
  due: null,
  take_over: false,
  revision: 4,
  auto_curate: null,
  prediction_set: null,
  evaluation: null,
  state: 'open',
  review: false,
  review_share: 1,
  own_review: false,
  tasks: { to_label: 1, in_progress: 0, in_review: 0, done: 2, skipped: 0 },
  merged_revision: null,
  created_by: alice,
  created_at: THEN,
  ...part,
})

export const aRun = (part: Partial<Run> = {}): Run => ({
  id: 71,
  dataset: 7,
  name: 'night',
  state: 'succeeded',
  job: null,
  baseline: 'yolo11n',
  weights: { kind: 'base', checkpoint: null },
  parent: null,
  control_of: null,
  train_slices: [{ id: 21, name: 'rainy', image_count: 40 }],
  validation_slice: { id: 22, name: 'test', image_count: 40 },
  train_manifest: null,
  validation_manifest: null,
  revision: 3,
  unlabelled: 0,
  seed: 0,
  settings: { epochs: 12, batch: 8 },
  classes: ['car', 'rider'],
  epoch: 12,
  epochs: 12,
  eta_seconds: null,
  checkpoints: [aCheckpoint()],
  prediction_set: null,
  evaluation: null,
  created_by: alice,
  created_at: THEN,
  started_at: THEN,
  finished_at: THEN,
  seconds: 600,
  ...part,
})

/** A label task of one image with a car, and a rider that a suggestion would add. */
export const anIssue = (part: Partial<Issue> = {}): Issue => ({
  id: 41,
  task: 95,
  kind: 'other',
  state: 'open',
  box_id: '',
  box: [10, 20, 110, 80],
  round: 1,
  author: alice,
  created_at: THEN,
  resolved_by: null,
  resolved_at: null,
  remarks: [{ id: 1, issue: 41, text: 'Too wide', box: null, author: alice, created_at: THEN }],
  ...part,
})

export const aRound = (part: Partial<ReviewRound> = {}): ReviewRound => ({
  number: 1,
  verdict: 'waiting',
  handed_in_by: bob,
  handed_in_at: THEN,
  reviewer: null,
  decided_at: null,
  reason: '',
  share: null,
  mended: false,
  ...part,
})

export const aTaskReview = (part: Partial<TaskReview> = {}): TaskReview => ({
  rounds: [],
  issues: [],
  base_boxes: aTask().boxes,
  sent_back_boxes: null,
  own: false,
  held: null,
  ...part,
})

export const aTask = (part: Partial<Task> = {}): Task => ({
  id: 95,
  batch: 81,
  image: {
    id: 101,
    key: 'night/0001.jpg',
    thumb: '/api/v1/images/101/thumbnail?size=320',
    width: 1280,
    height: 720,
    file: '/api/v1/images/101/file',
    metadata: {},
    sequence: '',
    tags: [],
  },
  state: 'in_progress',
  version: 3,
  assignee: alice,
  due: null,
  reviewer: null,
  saved_by: null,
  saved_at: null,
  active_seconds: 0,
  revision: 4,
  boxes: [
    {
      id: 'o5',
      object_id: 5,
      class_id: 11,
      box: [10, 20, 110, 80],
      attributes: {},
      ignore: 'no',
      provenance: 'imported',
    },
  ],
  suggestions: [],
  predictions: [],
  previous: null,
  next: 96,
  position: 0,
  total: 3,
  classes: [car, rider],
  attributes: [],
  ...part,
})

const figures = (AP: number, AP50: number): Evaluation['figures'] => ({
  ...{ AP, AP50, AP75: 0.4, APs: 0.2, APm: 0.4, APl: 0.6 },
  ...{ AR1: 0.2, AR10: 0.4, AR100: 0.5, ARs: 0.3, ARm: 0.5, ARl: 0.7 },
})

const interval = (low: number, high: number): Evaluation['interval'] => ({
  ...{ low, high, level: 0.95, resamples: 1000 },
  ...{ groups: 'image', units: 40, smallest_shown: 0.02 },
})

export const anEvaluation = (part: Partial<Evaluation> = {}): Evaluation => ({
  id: 91,
  dataset: 7,
  name: 'night on test, revision 4',
  prediction_set: {
    id: 41,
    name: 'night on test',
    kind: 'run',
    checkpoint: 61,
    run: { id: 71, name: 'night' },
  },
  revision: 4,
  manifest: 51,
  slices: [{ id: 22, name: 'test', image_count: 40 }],
  iou: 0.5,
  conf: 0.25,
  evaluator: 'coco',
  state: 'succeeded',
  job: null,
  figures: figures(0.423, 0.61),
  interval: interval(0.4, 0.44),
  interval50: interval(0.58, 0.63),
  intervals: { AP75: { low: 0.41, high: 0.46 }, AR100: { low: 0.55, high: 0.59 } },
  counts: { tp: 200, fp: 30, fn: 60, images: 40, boxes: 260 },
  on_training_images: 0,
  unlabelled: 0,
  of: null,
  rows: 'verdicts',
  created_at: THEN,
  ...part,
})

/** What the frame and every page of a dataset ask for, as one with a role sees it. */
/** Nothing leaks, and all has been looked at. */
export const noLeaks: Answer<'get', `datasets/${number}/leaks`> = {
  train_images: 40,
  validation_images: 10,
  images: 0,
  training_images: 0,
  pairs: 0,
  relations: [],
  sequences: 0,
  sequence_images: 0,
  looked: { search: 5, not_looked_at: 0, with_embedding: 0, job: null },
  items: [],
  next: null,
}

export const noSources: Answer<'get', `datasets/${number}/sources`> = {
  images: 50,
  named: 0,
  sources: 0,
  kept: 0,
  to_keep: 0,
  with_sequence: 0,
  found: [],
}

export const ground = (role: Role = 'owner'): Answers => ({
  'GET datasets/{dataset_id}/sources': noSources,
  'GET datasets/{dataset_id}/leaks': noLeaks,
  'GET evaluations/{evaluation_id}/leaks': noLeaks,
  'GET auth/me': aMe(),
  'GET notices/unread': { unread: 0 },
  'GET batches/{batch_id}/instructions': { number: 0, text: '', author: null, created_at: null, seen: 0 },
  'GET projects': [aProject({ role })],
  'GET datasets': page(aDataset()),
  'GET datasets/{dataset_id}': aDataset(),
  'GET datasets/{dataset_id}/attributes/suggested': [],
  'GET projects/{project_id}/import-roots': { granted: ['/data'], every: false, configured: null },
  'GET datasets/{dataset_id}/slices': page(aSlice()),
  'GET jobs': page(),
})
