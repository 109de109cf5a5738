"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from curate.analytics import api as analytics
from curate.autocurate import api as auto_curates
from curate.autocurate import review_api as review
from curate.autocurate import self_test_api as self_test
from curate.autocurate import suggestions_api as suggestions
from curate.autocurate import validation_labels_api as validation_labels
from curate.comparisons import api as comparisons
from curate.duplicates import api as duplicates
from curate.duplicates import leaks_api as leaks
from curate.duplicates import sources_api as sources
from curate.evaluations import api as evaluations
from curate.evaluations import charts_api as evaluation_charts
from curate.evaluations import leaks_api as evaluation_leaks
from curate.evaluations import weak_slices_api as weak_slices
from curate.grid import bulk_api as bulk
from curate.grid import images_api as images
from curate.grid import objects_api as objects
from curate.history import api as history
from curate.improve import api as improve
from curate.improve import curve_api as curves
from curate.ledger import api as ledger
from curate.map import api as embeddings
from curate.query import api as query
from curate.reports import api as reports

urlpatterns = [
    path("datasets/<int:dataset_id>/images", endpoint(GET=images.list_images)),
    path("datasets/<int:dataset_id>/images/count", endpoint(GET=images.count_images)),
    path("datasets/<int:dataset_id>/facets", endpoint(GET=images.get_facets)),
    path("datasets/<int:dataset_id>/image-ids", endpoint(GET=images.list_image_ids)),
    path("datasets/<int:dataset_id>/facets/boxes", endpoint(GET=images.get_box_facets)),
    path("images/<int:image_id>/verdicts", endpoint(GET=images.list_verdicts)),
    path("datasets/<int:dataset_id>/objects", endpoint(GET=objects.list_objects)),
    path("datasets/<int:dataset_id>/objects/count", endpoint(GET=objects.count_objects)),
    path("datasets/<int:dataset_id>/objects/facets", endpoint(GET=objects.get_object_facets)),
    path("datasets/<int:dataset_id>/objects/ids", endpoint(GET=objects.list_object_ids)),
    path("datasets/<int:dataset_id>/bulk/make-slice", endpoint(POST=bulk.make_slice)),
    path("datasets/<int:dataset_id>/bulk/change-slice", endpoint(POST=bulk.change_members)),
    path("datasets/<int:dataset_id>/bulk/tag", endpoint(POST=bulk.tag)),
    path("datasets/<int:dataset_id>/bulk/remove", endpoint(POST=bulk.remove)),
    path("datasets/<int:dataset_id>/bulk/relabel", endpoint(POST=bulk.relabel)),
    path("datasets/<int:dataset_id>/bulk/ignore", endpoint(POST=bulk.ignore)),
    path("datasets/<int:dataset_id>/bulk/label-state", endpoint(POST=bulk.label_state)),
    path("datasets/<int:dataset_id>/bulk/delete", endpoint(POST=bulk.delete)),
    path("datasets/<int:dataset_id>/bulk/sequence", endpoint(POST=bulk.change_sequence)),
    path("datasets/<int:dataset_id>/sources", endpoint(GET=sources.get_sources, POST=sources.keep_sources)),
    path("datasets/<int:dataset_id>/duplicates", endpoint(GET=duplicates.list_duplicates)),
    path("datasets/<int:dataset_id>/duplicates/search", endpoint(POST=duplicates.find_duplicates)),
    path("datasets/<int:dataset_id>/duplicates/make-slice", endpoint(POST=duplicates.make_slice)),
    path("datasets/<int:dataset_id>/duplicates/keep-one", endpoint(POST=duplicates.keep_one)),
    path("datasets/<int:dataset_id>/duplicates/keep-one/undo", endpoint(POST=duplicates.undo_keep_one)),
    path("datasets/<int:dataset_id>/leaks", endpoint(GET=leaks.list_leaks)),
    path("datasets/<int:dataset_id>/leaks/take-out", endpoint(POST=leaks.take_out)),
    path("datasets/<int:dataset_id>/leaks/make-slice", endpoint(POST=leaks.make_slice)),
    path("datasets/<int:dataset_id>/query/completions", endpoint(GET=query.get_completions)),
    path("datasets/<int:dataset_id>/query/check", endpoint(GET=query.check_query)),
    path("datasets/<int:dataset_id>/analytics", endpoint(GET=analytics.get_overview)),
    path("datasets/<int:dataset_id>/analytics/classes", endpoint(GET=analytics.get_classes)),
    path("datasets/<int:dataset_id>/analytics/boxes", endpoint(GET=analytics.get_box_chart)),
    path("datasets/<int:dataset_id>/analytics/centres", endpoint(GET=analytics.get_centres)),
    path("datasets/<int:dataset_id>/analytics/cross-table", endpoint(GET=analytics.get_cross_table)),
    path("datasets/<int:dataset_id>/analytics/history", endpoint(GET=analytics.get_history)),
    path("datasets/<int:dataset_id>/analytics/differences", endpoint(GET=analytics.get_differences)),
    path("datasets/<int:dataset_id>/evaluations", endpoint(GET=evaluations.list_evaluations)),
    path("datasets/<int:dataset_id>/evaluations/preview", endpoint(GET=history.preview_evaluation)),
    path("projects/<int:project_id>/evaluations", endpoint(GET=history.list_project_evaluations)),
    path("projects/<int:project_id>/lineage", endpoint(GET=history.list_project_lineage)),
    path("evaluations", endpoint(POST=evaluations.start_evaluation)),
    path("evaluations/<int:evaluation_id>", endpoint(GET=evaluations.get_evaluation, DELETE=history.delete_evaluation)),
    path("evaluations/<int:evaluation_id>/curves", endpoint(GET=evaluations.get_curves)),
    path("evaluations/<int:evaluation_id>/confusion", endpoint(GET=evaluations.get_confusion)),
    path("evaluations/<int:evaluation_id>/error-types", endpoint(GET=evaluations.list_error_types)),
    path("evaluations/<int:evaluation_id>/at", endpoint(GET=evaluation_charts.get_at)),
    path("evaluations/<int:evaluation_id>/over-confidence", endpoint(GET=evaluation_charts.get_over_confidence)),
    path("evaluations/<int:evaluation_id>/error-budget", endpoint(GET=evaluation_charts.get_budget)),
    path("evaluations/<int:evaluation_id>/figures", endpoint(GET=evaluation_charts.get_figures)),
    path("evaluations/<int:evaluation_id>/other-rules", endpoint(GET=evaluation_charts.list_other_rules)),
    path("evaluations/<int:evaluation_id>/leaks", endpoint(GET=evaluation_leaks.list_evaluation_leaks)),
    path("evaluations/<int:evaluation_id>/parts", endpoint(GET=evaluation_charts.list_parts)),
    path(
        "evaluations/<int:evaluation_id>/weak-slices",
        endpoint(GET=weak_slices.list_weak_slices, POST=weak_slices.find_weak_slices),
    ),
    path("evaluations/<int:evaluation_id>/weak-slices/make-slice", endpoint(POST=weak_slices.make_slice)),
    path(
        "evaluations/<int:evaluation_id>/report",
        endpoint(GET=reports.get_evaluation_report, POST=reports.prepare_evaluation_report),
    ),
    path("evaluations/<int:evaluation_id>/points", endpoint(POST=evaluation_charts.open_point_of)),
    path("datasets/<int:dataset_id>/comparisons", endpoint(GET=comparisons.list_comparisons)),
    path("comparisons", endpoint(POST=comparisons.start_comparison)),
    path("comparisons/<int:comparison_id>", endpoint(GET=comparisons.get_comparison)),
    path("comparisons/<int:comparison_id>/objects", endpoint(GET=comparisons.list_changed_objects)),
    path("comparisons/<int:comparison_id>/report", endpoint(GET=reports.get_comparison_report)),
    path("projects/<int:project_id>/ledgers", endpoint(GET=ledger.list_ledgers)),
    path("runs/<int:run_id>/ledger", endpoint(GET=ledger.get_ledger)),
    path("runs/<int:run_id>/ledger/file", endpoint(GET=ledger.get_ledger_file)),
    path("runs/<int:run_id>/ledger/report", endpoint(GET=ledger.get_ledger_report)),
    path("datasets/<int:dataset_id>/auto-curate", endpoint(POST=auto_curates.start_auto_curate)),
    path("datasets/<int:dataset_id>/auto-curates", endpoint(GET=auto_curates.list_auto_curates)),
    path("auto-curates/<int:auto_curate_id>", endpoint(GET=auto_curates.get_auto_curate)),
    path("auto-curates/<int:auto_curate_id>/images", endpoint(GET=auto_curates.list_picked_images)),
    path("auto-curates/<int:auto_curate_id>/review", endpoint(GET=review.get_review_plan)),
    path(
        "auto-curates/<int:auto_curate_id>/self-test",
        endpoint(GET=self_test.get_self_test, POST=self_test.start_self_test),
    ),
    path("auto-curates/<int:auto_curate_id>/validation-labels", endpoint(GET=validation_labels.get_validation_labels)),
    path("auto-curates/<int:auto_curate_id>/suggestions", endpoint(GET=suggestions.list_suggestions)),
    path(
        "datasets/<int:dataset_id>/embeddings",
        endpoint(GET=embeddings.get_embeddings, POST=embeddings.compute_embeddings),
    ),
    path("datasets/<int:dataset_id>/embedding-map", endpoint(GET=embeddings.get_embedding_map)),
    path("datasets/<int:dataset_id>/embedding-map/colours", endpoint(GET=embeddings.get_map_colours)),
    path("images/<int:image_id>/similar", endpoint(GET=embeddings.list_similar_images)),
    path("datasets/<int:dataset_id>/improve", endpoint(GET=improve.get_improve)),
    path("datasets/<int:dataset_id>/improve/<str:step>", endpoint(POST=improve.post_step)),
    path("datasets/<int:dataset_id>/improve/<str:step>/skip", endpoint(POST=improve.post_skip)),
    path(
        "datasets/<int:dataset_id>/learning-curve",
        endpoint(GET=curves.get_learning_curve, POST=curves.post_learning_curve),
    ),
    path("suggestions/verdicts", endpoint(POST=suggestions.decide_suggestions)),
]
