"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from label.api import (
    assignment,
    batches,
    frames,
    instructions,
    merges,
    suggestion_crops,
    suggestions,
    tasks,
)
from label.assists import api as assists
from label.quality.api import consensus, figures, gold

urlpatterns = [
    path("batches", endpoint(POST=batches.create_batch)),
    path("datasets/<int:dataset_id>/batches", endpoint(GET=batches.list_batches)),
    path("batches/<int:batch_id>", endpoint(GET=batches.get_batch, PATCH=batches.change_batch)),
    path("batches/<int:batch_id>/tasks", endpoint(GET=batches.list_tasks)),
    path("batches/<int:batch_id>/next", endpoint(POST=batches.claim_next_task)),
    path("batches/<int:batch_id>/people", endpoint(GET=assignment.list_labellers)),
    path("batches/<int:batch_id>/assignments", endpoint(POST=assignment.assign_parts)),
    path(
        "batches/<int:batch_id>/instructions",
        endpoint(GET=instructions.get_instructions, POST=instructions.write_instructions),
    ),
    path("batches/<int:batch_id>/instructions/history", endpoint(GET=instructions.list_versions)),
    path("batches/<int:batch_id>/instructions/seen", endpoint(POST=instructions.look_at_instructions)),
    path("datasets/<int:dataset_id>/instruction-pictures", endpoint(POST=instructions.add_picture)),
    path("instruction-pictures/<int:picture_id>", endpoint(GET=instructions.get_picture)),
    path("batches/<int:batch_id>/merge", endpoint(GET=merges.preview_merge, POST=merges.merge_batch)),
    path("batches/<int:batch_id>/suggestions", endpoint(GET=suggestions.list_suggestions)),
    path("batches/<int:batch_id>/suggestion-counts", endpoint(GET=suggestions.count_suggestions)),
    path("batches/<int:batch_id>/decisions", endpoint(POST=suggestions.decide_suggestions)),
    path("batches/<int:batch_id>/carry-out-accepted", endpoint(POST=suggestions.carry_accepted)),
    path("batches/<int:batch_id>/finish-decided", endpoint(POST=suggestions.finish_decided)),
    path("suggestions/<int:suggestion_id>/crop", endpoint(GET=suggestion_crops.get_crop)),
    path("tasks/<int:task_id>", endpoint(GET=tasks.get_task, PUT=tasks.save_task, PATCH=tasks.assign_task)),
    path("tasks/<int:task_id>/sequence", endpoint(GET=frames.get_sequence)),
    path("batches/<int:batch_id>/frames", endpoint(POST=frames.save_frames)),
    path("tasks/<int:task_id>/comments", endpoint(GET=tasks.list_comments, POST=tasks.create_comment)),
    path("batches/<int:batch_id>/figures", endpoint(GET=figures.get_batch_figures)),
    path("batches/<int:batch_id>/quality-plan", endpoint(PATCH=figures.change_quality_plan)),
    path("batches/<int:batch_id>/rest", endpoint(GET=figures.get_rest_of_batch)),
    path("batches/<int:batch_id>/report", endpoint(GET=figures.get_batch_report)),
    path("batches/<int:batch_id>/report.csv", endpoint(GET=figures.get_batch_report_csv)),
    path("batches/<int:batch_id>/own-results", endpoint(GET=figures.get_own_results)),
    path("batches/<int:batch_id>/gold", endpoint(GET=gold.list_gold_tasks, POST=gold.mix_in_gold_tasks)),
    path("batches/<int:batch_id>/gold/release", endpoint(POST=gold.release_gold_tasks)),
    path("batches/<int:batch_id>/several", endpoint(GET=consensus.list_several, POST=consensus.ask_several_people)),
    path("tasks/<int:task_id>/copies", endpoint(GET=consensus.compare_copies, PUT=consensus.decide_task)),
    path("batches/<int:batch_id>/assist", endpoint(GET=assists.get_assist_source, PUT=assists.choose_assist_source)),
    path("batches/<int:batch_id>/assist/prepare", endpoint(POST=assists.prepare_assist_source)),
    path("batches/<int:batch_id>/assists", endpoint(GET=assists.count_assists)),
    path("batches/<int:batch_id>/prelabels", endpoint(GET=assists.list_prelabels, POST=assists.start_prelabel)),
    path("prelabels/<int:prelabel_id>", endpoint(GET=assists.get_prelabel)),
    path("prelabels/<int:prelabel_id>/apply", endpoint(POST=assists.apply_prelabel)),
    path("prelabels/<int:prelabel_id>/take-back", endpoint(POST=assists.take_prelabel_back)),
    path("prelabels/<int:prelabel_id>/report", endpoint(GET=assists.get_prelabel_report)),
    path("images/<int:image_id>/tighten", endpoint(POST=assists.tighten_box)),
]
