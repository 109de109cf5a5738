"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from model.api import checkpoints, experiments, forms, runs

urlpatterns = [
    path("baselines", endpoint(GET=checkpoints.list_baselines)),
    path("checkpoints", endpoint(GET=checkpoints.list_checkpoints, POST=checkpoints.create_checkpoint)),
    path("checkpoints/conversions/<int:job_id>", endpoint(GET=checkpoints.get_conversion)),
    path("checkpoints/conversions/<int:job_id>/again", endpoint(POST=checkpoints.convert_weights_again)),
    path("checkpoints/<int:checkpoint_id>", endpoint(GET=checkpoints.get_checkpoint)),
    path("checkpoints/<int:checkpoint_id>/classes", endpoint(GET=checkpoints.get_class_changes)),
    path("checkpoints/<int:checkpoint_id>/file", endpoint(GET=checkpoints.get_checkpoint_file)),
    path("checkpoints/<int:checkpoint_id>/predict", endpoint(POST=checkpoints.predict)),
    path("checkpoints/<int:checkpoint_id>/evaluate", endpoint(POST=checkpoints.evaluate)),
    path("checkpoints/<int:checkpoint_id>/exports", endpoint(GET=forms.list_forms, POST=forms.create_form)),
    path("forms/<int:form_id>", endpoint(GET=forms.get_form, DELETE=forms.delete_form)),
    path("forms/<int:form_id>/file", endpoint(GET=forms.get_form_file)),
    path("runs", endpoint(POST=runs.create_run)),
    path("datasets/<int:dataset_id>/runs", endpoint(GET=runs.list_runs)),
    path("runs/<int:run_id>", endpoint(GET=runs.get_run, DELETE=runs.delete_run)),
    path("runs/<int:run_id>/metrics", endpoint(GET=runs.get_run_metrics)),
    path("runs/<int:run_id>/log", endpoint(GET=runs.get_run_log)),
    path("runs/<int:run_id>/cancel", endpoint(POST=runs.cancel_run)),
    path("runs/<int:run_id>/resume", endpoint(POST=runs.resume_run)),
    path("experiments", endpoint(POST=experiments.create_experiment)),
    path("experiments/estimate", endpoint(POST=experiments.estimate)),
    path("datasets/<int:dataset_id>/experiments", endpoint(GET=experiments.list_experiments)),
    path(
        "experiments/<int:experiment_id>",
        endpoint(GET=experiments.get_experiment, DELETE=experiments.delete_experiment),
    ),
    path("experiments/<int:experiment_id>/cancel", endpoint(POST=experiments.cancel_experiment)),
    path("experiments/<int:experiment_id>/more-seeds", endpoint(POST=experiments.add_seeds)),
    path("experiments/<int:experiment_id>/judge", endpoint(POST=experiments.judge_experiment)),
]
