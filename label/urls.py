"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from label.api import batches, merges, tasks
from label.assists import api as assists

urlpatterns = [
    path("batches", endpoint(POST=batches.create_batch)),
    path("datasets/<int:dataset_id>/batches", endpoint(GET=batches.list_batches)),
    path("batches/<int:batch_id>", endpoint(GET=batches.get_batch, PATCH=batches.change_batch)),
    path("batches/<int:batch_id>/tasks", endpoint(GET=batches.list_tasks)),
    path("batches/<int:batch_id>/next", endpoint(POST=batches.claim_next_task)),
    path("batches/<int:batch_id>/merge", endpoint(GET=merges.preview_merge, POST=merges.merge_batch)),
    path("tasks/<int:task_id>", endpoint(GET=tasks.get_task, PUT=tasks.save_task, PATCH=tasks.assign_task)),
    path("tasks/<int:task_id>/comments", endpoint(GET=tasks.list_comments, POST=tasks.create_comment)),
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
