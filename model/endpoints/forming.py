"""The form in which a checkpoint is deployed."""

from __future__ import annotations

from typing import Any

from jobs.errors import JobFailed, JobInterrupted
from jobs.reporting import Report
from model.endpoints.form_files import Form, kept_form
from model.engines import EngineCancelled, EngineError, run_in_process
from model.engines.types import ExportRequest
from model.models import Checkpoint
from model.services.engine import still_wanted
from model.services.prediction import weights_path
from storage import blobs

FORMAT, PRECISION = "openvino", "f32"  # half of torch's processor time, and its boxes to the fourth digit
USUAL_SIZE = 320  # pixels, where nobody knows what a checkpoint was trained at


def deployable_form(checkpoint: Checkpoint, report: Report, progress: tuple[float, float]) -> Form:
    """Export the checkpoint in a process of its own and store the files. Raises JobFailed with the engine's sentence."""
    report(progress[0], f"Exporting {checkpoint.name}")
    name = f"deploy-{report.job.pk}"
    folder = blobs.work_folder(name)
    request = ExportRequest(
        weights=weights_path(checkpoint),
        destination=folder / "form",
        imgsz=checkpoint.imgsz or USUAL_SIZE,
        form=FORMAT,
        precision=PRECISION,
        origin=origin_of(checkpoint),
    )
    try:
        path = run_in_process(request, log=folder / "engine.log", cancelled=lambda: not still_wanted(report))
        files = sorted(one for one in path.parent.iterdir() if one.stem == path.stem)
        return kept_form(FORMAT, files, precision=PRECISION, imgsz=request.imgsz)
    except EngineCancelled:
        report.check()
        raise JobInterrupted from None
    except EngineError as error:
        raise JobFailed(f"{checkpoint.name} cannot be exported: {error}") from error
    finally:
        blobs.clear_work(name)


def origin_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """What the file says of where it is from."""
    run = checkpoint.run
    return {
        "checkpoint": checkpoint.sha256, "run": run.name if run else "", "revision": run.revision if run else None,
    }  # fmt: skip
