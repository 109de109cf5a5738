"""The shapes that the platform answers with: the fields that scripts use most. `/api/schema` lists them all."""

from __future__ import annotations

from typing import Any, TypedDict

Box = list[float]  # [x1, y1, x2, y2] pixels of the upright image


class Project(TypedDict):
    id: int
    name: str
    role: str


class Class(TypedDict):
    id: int
    index: int
    name: str
    colour: str


class Dataset(TypedDict):
    id: int
    project: int
    name: str
    classes: list[Class]
    head_revision: int
    image_count: int
    annotation_count: int


class Job(TypedDict):
    id: int
    kind: str
    title: str
    state: str  # queued, running, succeeded, failed, cancelled
    progress: float  # 0..1
    message: str
    result: dict[str, Any] | None
    error: str | None


class Revision(TypedDict):
    id: int
    number: int
    kind: str
    message: str
    counts: dict[str, int]  # added, changed, removed


class Slice(TypedDict):
    id: int
    name: str
    image_count: int


class ImageBox(TypedDict):
    kind: str  # gt or pred
    id: int
    class_id: int
    box: Box


class ImageRow(TypedDict):
    id: int
    key: str
    width: int
    height: int
    metadata: dict[str, Any]
    sequence: str | None
    label_state: str  # not_labelled, negative (there is nothing), labelled
    boxes: list[ImageBox]


class Drawn(TypedDict):
    class_id: int
    box: Box


class Suggestion(TypedDict):
    id: int
    object_id: int | None
    kind: str  # wrong_class, missing, spurious, badly_drawn
    score: float
    reason: str
    given: Drawn | None
    proposed: Drawn | None
    verdict: str


class Batch(TypedDict):
    id: int
    name: str
    state: str
    tasks: dict[str, int]


class TaskRow(TypedDict):
    id: int
    state: str


class Task(TypedDict):
    id: int
    state: str
    version: int
    image: dict[str, Any]
    boxes: list[dict[str, Any]]
    suggestions: list[Suggestion]


class Run(TypedDict):
    id: int
    name: str
    state: str
    job: int | Job
    checkpoints: list[dict[str, Any]]
    prediction_set: int | dict[str, Any] | None
    evaluation: dict[str, Any] | None
    seconds: float | None


class Experiment(TypedDict):
    id: int
    name: str
    state: str
    seeds: list[int]
    runs: list[dict[str, Any]]  # arm, seed, state, epoch, evaluation …
    comparisons: list[dict[str, Any]]
    stopped: dict[str, int] | None  # early: after so many pairs of so many planned, runs saved
    result: dict[str, Any] | None  # arms, delta over seeds, images_alone, per_class, memory, best


class Evaluation(TypedDict):
    id: int
    name: str
    state: str
    job: int | None
    manifest: int  # the same one: the same images and labels
    revision: int
    on_training_images: int
    unlabelled: int
    figures: dict[str, float] | None
    interval: dict[str, Any] | None
    counts: dict[str, int]


class Comparison(TypedDict):
    id: int
    state: str
    delta: dict[str, dict[str, Any]]
    per_class: list[dict[str, Any]]
    smallest_detectable: float | None


class Step(TypedDict):
    step: str
    class_id: int | None
    gain: dict[str, float | None] | None  # value, low, high in points of mAP
    at_most: float | None
    people_minutes: float
    machine_minutes: float | None
    per_hour: float | None
    why: str
    why_params: dict[str, Any]  # what its sentence is filled with: the class's name, how many, …
    by_people: bool
    possible: bool
    skipped: bool


class Improvement(TypedDict):
    """Where a dataset is in the loop, and what to do next."""

    dataset: int
    stage: str
    stages: list[dict[str, str]]
    base: dict[str, Any] | None
    job: Job | None
    failed: Job | None
    batch: dict[str, Any] | None
    proven: dict[str, Any] | None
    next: Step | None
    others: list[Step]


class StepTaken(TypedDict):
    job: Job | None
    link: str | None
