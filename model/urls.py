"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from model.api import checkpoints, experiments, forms, measurements, runs
from model.augmentations import api as augmentations
from model.endpoints import api as endpoints
from model.endpoints import predict_api
from model.gate import api as gates
from model.searches import api as searches

urlpatterns = [
    path("baselines", endpoint(GET=checkpoints.list_baselines)),
    path("baselines/measure", endpoint(POST=measurements.measure_baseline)),
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
    path("augmentations", endpoint(POST=augmentations.show_augmentations)),
    path("augmentations/<int:job_id>", endpoint(GET=augmentations.list_augmentations)),
    path("augmentations/<int:job_id>/pictures/<int:place>", endpoint(GET=augmentations.get_augmentation)),
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
    path("searches", endpoint(POST=searches.create_search)),
    path("searches/estimate", endpoint(POST=searches.estimate_search)),
    path("searches/settings", endpoint(GET=searches.list_searchable_settings)),
    path("searches/<int:search_id>", endpoint(GET=searches.get_search, DELETE=searches.delete_search)),
    path("searches/<int:search_id>/cancel", endpoint(POST=searches.cancel_search)),
    path("searches/<int:search_id>/resume", endpoint(POST=searches.resume_search)),
    path("datasets/<int:dataset_id>/searches", endpoint(GET=searches.list_searches)),
    path("datasets/<int:dataset_id>/gates", endpoint(GET=gates.list_gates, POST=gates.create_gate)),
    path("datasets/<int:dataset_id>/gate-results", endpoint(GET=gates.list_gate_results)),
    path("gates/<int:gate_id>", endpoint(GET=gates.get_gate, PATCH=gates.change_gate, DELETE=gates.delete_gate)),
    path("gate-results", endpoint(POST=gates.start_gate)),
    path("gate-results/<int:result_id>", endpoint(GET=gates.get_gate_result)),
    path("datasets/<int:dataset_id>/endpoints", endpoint(GET=endpoints.list_endpoints)),
    path("endpoints", endpoint(POST=endpoints.create_endpoint)),
    path(
        "endpoints/<str:endpoint>",
        endpoint(GET=endpoints.get_endpoint, PATCH=endpoints.change_endpoint, DELETE=endpoints.delete_endpoint),
    ),
    path("endpoints/<str:endpoint>/deployments", endpoint(GET=endpoints.list_deployments)),
    path("endpoints/<str:endpoint>/promote", endpoint(POST=endpoints.promote_checkpoint)),
    path("endpoints/<str:endpoint>/roll-back", endpoint(POST=endpoints.roll_back)),
    path("endpoints/<str:endpoint>/kept", endpoint(POST=endpoints.bring_kept_pictures)),
    path("endpoints/<str:endpoint>/metrics", endpoint(GET=endpoints.get_endpoint_metrics)),
    path(
        "endpoints/<str:endpoint>/predict",
        endpoint(POST=predict_api.predict_on_endpoint, repeatable=False),
    ),
    path("images/<int:image_id>/candidates", endpoint(GET=predict_api.list_candidates)),
]
