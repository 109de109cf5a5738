"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from label.api import batches, issues, merges, review_plans, reviews, tasks, work

urlpatterns = [
    path("batches", endpoint(POST=batches.create_batch)),
    path("datasets/<int:dataset_id>/batches", endpoint(GET=batches.list_batches)),
    path("batches/<int:batch_id>", endpoint(GET=batches.get_batch, PATCH=batches.change_batch)),
    path("batches/<int:batch_id>/tasks", endpoint(GET=batches.list_tasks)),
    path("batches/<int:batch_id>/next", endpoint(POST=batches.claim_next_task)),
    path("batches/<int:batch_id>/merge", endpoint(GET=merges.preview_merge, POST=merges.merge_batch)),
    path("tasks/<int:task_id>", endpoint(GET=tasks.get_task, PUT=tasks.save_task, PATCH=tasks.assign_task)),
    path("tasks/<int:task_id>/comments", endpoint(GET=issues.list_comments, POST=issues.create_comment)),
    path("tasks/<int:task_id>/issues", endpoint(GET=issues.list_issues, POST=issues.raise_issue)),
    path("issues/<int:issue_id>", endpoint(PATCH=issues.change_issue)),
    path("issues/<int:issue_id>/remarks", endpoint(POST=issues.reply_to_issue)),
    path("tasks/<int:task_id>/review", endpoint(GET=reviews.get_task_review, PUT=reviews.review_task)),
    path("tasks/<int:task_id>/review/hold", endpoint(POST=reviews.hold_task)),
    path("batches/<int:batch_id>/next-review", endpoint(POST=reviews.claim_next_review)),
    path(
        "batches/<int:batch_id>/review",
        endpoint(GET=review_plans.get_batch_review, PATCH=review_plans.change_batch_review),
    ),
    path("label-desk", endpoint(GET=work.get_label_desk)),
]
