"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from dataset.api import crops, datasets, exports, images, imports, revisions, slice_relations, slices, tags, uploads

urlpatterns = [
    path("datasets", endpoint(GET=datasets.list_datasets, POST=datasets.create_dataset)),
    path(
        "datasets/<int:dataset_id>",
        endpoint(GET=datasets.get_dataset, PATCH=datasets.change_dataset, DELETE=datasets.delete_dataset),
    ),
    path("datasets/<int:dataset_id>/classes", endpoint(POST=datasets.create_class)),
    path("classes/<int:class_id>", endpoint(PATCH=datasets.change_class)),
    path("datasets/<int:dataset_id>/imports", endpoint(GET=imports.list_imports, POST=imports.start_import)),
    path("datasets/<int:dataset_id>/uploads", endpoint(GET=uploads.list_uploads, POST=uploads.begin_upload)),
    path("uploads/<int:upload_id>", endpoint(GET=uploads.get_upload, DELETE=uploads.give_up_upload)),
    path("uploads/<int:upload_id>/parts", endpoint(PUT=uploads.send_part)),
    path("uploads/<int:upload_id>/finish", endpoint(POST=uploads.finish_upload)),
    path("datasets/<int:dataset_id>/measure-images", endpoint(POST=images.measure_images)),
    path("imports/<int:job_id>/report", endpoint(GET=imports.get_report)),
    path("images/<int:image_id>", endpoint(GET=images.get_image)),
    path("images/<int:image_id>/history", endpoint(GET=images.get_history)),
    path("images/<int:image_id>/file", endpoint(GET=images.get_file)),
    path("images/<int:image_id>/thumbnail", endpoint(GET=images.get_thumbnail)),
    path("annotations/<int:annotation_id>/crop", endpoint(GET=crops.get_label_crop)),
    path("predictions/<int:prediction_id>/crop", endpoint(GET=crops.get_prediction_crop)),
    path("datasets/<int:dataset_id>/tags", endpoint(GET=tags.list_tags)),
    path("tags/<int:tag_id>", endpoint(PATCH=tags.change_tag, DELETE=tags.delete_tag)),
    path("datasets/<int:dataset_id>/revisions", endpoint(GET=revisions.list_revisions)),
    path("datasets/<int:dataset_id>/revert", endpoint(POST=revisions.revert)),
    path("datasets/<int:dataset_id>/edits", endpoint(POST=revisions.edit)),
    path("revisions/<int:revision_id>", endpoint(GET=revisions.get_revision)),
    path("revisions/<int:revision_id>/diff", endpoint(GET=revisions.get_diff)),
    path("datasets/<int:dataset_id>/slices", endpoint(GET=slices.list_slices, POST=slices.create_slice)),
    path(
        "slices/<int:slice_id>",
        endpoint(GET=slices.get_slice, PATCH=slices.change_slice, DELETE=slices.delete_slice),
    ),
    path("slices/<int:slice_id>/images", endpoint(POST=slices.change_images)),
    path("slices/<int:slice_id>/statistics", endpoint(GET=slices.get_statistics)),
    path("slices/<int:slice_id>/diff", endpoint(GET=slice_relations.get_diff)),
    path("slices/<int:slice_id>/uses", endpoint(GET=slice_relations.list_uses)),
    path(
        "slices/<int:slice_id>/manifests",
        endpoint(GET=slice_relations.list_manifests, POST=slice_relations.freeze_slice),
    ),
    path("manifests/<int:manifest_id>", endpoint(GET=slice_relations.get_manifest)),
    path(
        "datasets/<int:dataset_id>/prediction-sets",
        endpoint(GET=imports.list_prediction_sets, POST=imports.import_predictions),
    ),
    path("prediction-sets/<int:prediction_set_id>", endpoint(GET=imports.get_prediction_set)),
    path("datasets/<int:dataset_id>/exports", endpoint(GET=exports.list_exports, POST=exports.start_export)),
    path("exports/<int:job_id>/file", endpoint(GET=exports.get_export_file)),
]
