"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from curate.api import analytics, auto_curates, comparisons, evaluations, images, query, suggestions

urlpatterns = [
    path("datasets/<int:dataset_id>/images", endpoint(GET=images.list_images)),
    path("datasets/<int:dataset_id>/images/count", endpoint(GET=images.count_images)),
    path("datasets/<int:dataset_id>/facets", endpoint(GET=images.get_facets)),
    path("datasets/<int:dataset_id>/image-ids", endpoint(GET=images.list_image_ids)),
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
    path("evaluations", endpoint(POST=evaluations.start_evaluation)),
    path("evaluations/<int:evaluation_id>", endpoint(GET=evaluations.get_evaluation)),
    path("evaluations/<int:evaluation_id>/curves", endpoint(GET=evaluations.get_curves)),
    path("evaluations/<int:evaluation_id>/confusion", endpoint(GET=evaluations.get_confusion)),
    path("evaluations/<int:evaluation_id>/error-types", endpoint(GET=evaluations.list_error_types)),
    path("datasets/<int:dataset_id>/comparisons", endpoint(GET=comparisons.list_comparisons)),
    path("comparisons", endpoint(POST=comparisons.start_comparison)),
    path("comparisons/<int:comparison_id>", endpoint(GET=comparisons.get_comparison)),
    path("datasets/<int:dataset_id>/auto-curate", endpoint(POST=auto_curates.start_auto_curate)),
    path("datasets/<int:dataset_id>/auto-curates", endpoint(GET=auto_curates.list_auto_curates)),
    path("auto-curates/<int:auto_curate_id>", endpoint(GET=auto_curates.get_auto_curate)),
    path("auto-curates/<int:auto_curate_id>/images", endpoint(GET=auto_curates.list_picked_images)),
    path("auto-curates/<int:auto_curate_id>/suggestions", endpoint(GET=suggestions.list_suggestions)),
    path("suggestions/verdicts", endpoint(POST=suggestions.decide_suggestions)),
]
