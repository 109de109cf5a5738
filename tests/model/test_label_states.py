"""What a training makes of images that are not labelled, and of labels that are ignored."""

import pytest

from dataset.importing.columns import Ignore
from dataset.models import Annotation
from dataset.services.image_labels import ImageLabelChanges, label_image
from model.engines import EVERY_CLASS
from model.models import Run
from model.services.training import rejected_now
from model.services.training_data import manifest_images
from tests.factories import assert_problem, make_image
from tests.model.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Of the images to train on the last two are bare: the first of them a negative, the other not labelled."""
    made = Scene()
    bare = [make_image(made.dataset, sha256=f"{number:064x}", location=made.images[0].location) for number in (1, 2)]
    bare[0].labelled_since = 1
    bare[0].save(update_fields=["labelled_since"])
    made.train = made.slice("with bare ones", [*made.images[:4], *bare])
    return made


def test_unlabelled_images_are_left_out_and_counted(scene: Scene) -> None:
    run = scene.post().json()
    assert (run["unlabelled"], run["train_manifest"]["image_count"]) == (1, 5)
    images = manifest_images(Run.objects.get(pk=run["id"]).train_manifest)
    assert [len(image.boxes) for image in images][-1] == 0  # the negative teaches that there is nothing


def test_rejected_images_are_left_out(scene: Scene) -> None:
    labels = ImageLabelChanges(add_tags=["rejected"])
    label_image(image=scene.images[0], labels=labels, by=scene.cast.alice)
    run = scene.post().json()
    assert (run["unlabelled"], run["train_manifest"]["image_count"]) == (1, 4)
    row = Run.objects.get(pk=run["id"])
    assert (scene.images[0].pk in row.train_manifest.image_ids, rejected_now(row)) == (False, 1)


def test_a_run_can_refuse_them(scene: Scene) -> None:
    assert_problem(scene.post(unlabelled="refuse"), 409, mentions="1 of the 6 images to train on are not labelled")
    assert not Run.objects.exists()
    scene.train = scene.slice("all labelled", scene.images[:4])
    assert scene.post(unlabelled="refuse").status_code == 202


def test_ignored_labels_are_taught_as_such(scene: Scene) -> None:
    first, second = Annotation.objects.filter(image__in=scene.images[1:2]).order_by("pk")
    Annotation.objects.filter(pk=first.pk).update(ignore=Ignore.CROWD)
    Annotation.objects.filter(pk=second.pk).update(ignore=Ignore.ANYTHING)
    run = scene.run()
    image = manifest_images(run.train_manifest)[1]
    assert (len(image.boxes), image.ignored_classes.tolist()) == (0, [0, EVERY_CLASS])
    assert image.ignored[0].tolist() == [first.x1, first.y1, first.x2, first.y2]


def test_a_class_that_is_ignored_everywhere_is_not_trained(scene: Scene) -> None:
    """As KITTI's DontCare; its labels still say where nothing is learned."""
    rider = scene.dataset.classes.get(name="rider")
    Annotation.objects.filter(label_class=rider).update(ignore=Ignore.ANYTHING)
    run = scene.run()
    assert run.classes == ["car"]
    images = manifest_images(run.train_manifest)
    assert {int(index) for image in images for index in image.classes} == {0}
    assert any(EVERY_CLASS in image.ignored_classes for image in images)


def test_without_one_label_that_counts_there_is_nothing_to_learn(scene: Scene) -> None:
    Annotation.objects.filter(image__in=scene.images[:4]).update(ignore=Ignore.REGION)
    assert_problem(scene.post(), 400, mentions="have no labels")


def test_it_says_what_to_do_where_none_is_labelled(scene: Scene) -> None:
    """There is nothing to leave the others for."""
    Annotation.objects.filter(image__slice_images__slice=scene.train).delete()
    scene.dataset.images.filter(slice_images__slice=scene.train).update(labelled_since=None)
    assert_problem(scene.post(), 400, mentions="no labels at revision 1. Label some of them, or choose other slices")
