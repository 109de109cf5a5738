"""What to label: uncertain images, of rare and weak classes, different from each other, each with a reason."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from science.autocurate.greedy import OPEN, TAKEN, Candidates, Limits, Needs, take
from science.autocurate.likeness import few_directions, likeness_of, nearest
from science.autocurate.to_label import PickToLabel, ToLabel, ToLabelSettings, choose_to_label
from science.autocurate.types import ImageTable
from science.autocurate.worth import entropy
from science.evaluation.types import Detections

NAMES = ["car", "rider"]
BOX = [10.0, 10.0, 60.0, 60.0]
FREE = ToLabelSettings(hash_bits=-1, least_distance=-1)


def detected(rows: list[tuple[int, int, float]]) -> Detections:
    """Detections given as (image, class, score)."""
    return Detections.of(
        image_index=[row[0] for row in rows],
        class_index=[row[1] for row in rows],
        boxes=[BOX for _ in rows],
        scores=np.array([row[2] for row in rows], np.float64),
    )


def chosen(images: ImageTable, labelled: tuple[int, ...] = (), **options: Any) -> ToLabel:
    mask = np.isin(np.arange(len(images)), labelled)
    return choose_to_label(images, mask, class_names=NAMES, **{"settings": FREE, **options})


def picked(images: ImageTable, labelled: tuple[int, ...] = (), **options: Any) -> list[int]:
    return [one.image_index for one in chosen(images, labelled, **options).picks]


def looks(*directions: int, of: int = 8) -> NDArray[np.float32]:
    """Vectors of length 1 along these directions; -1 for none."""
    return np.array([np.eye(of)[one] if one >= 0 else np.zeros(of) for one in directions], np.float32)


def test_it_takes_the_image_with_most_uncertain_objects_first() -> None:
    """By hand: 2 bits, 1 bit and .0808 bits; the mean is 1.0269."""
    seen = detected([(0, 0, 0.99), (1, 0, 0.5), (2, 0, 0.5), (2, 0, 0.5)])
    found = chosen(ImageTable.of(image_ids=[5, 6, 7]), detections=seen).picks
    assert [one.image_index for one in found] == [2, 1, 0]
    assert [one.parts["uncertain"] for one in found] == pytest.approx([1.9475, 0.9738, 0.0787], abs=1e-4)
    assert found[0].reason == {"code": "unsure", "count": 2.0}
    assert found[0].why == "The checkpoint is unsure of 2 objects here."


@pytest.mark.parametrize(
    ("score", "bits"),
    [(0.0, 0.0), (0.5, 1.0), (1.0, 0.0), (0.25, 2 - 0.75 * np.log2(3)), (0.125, 3 - 0.875 * np.log2(7))],
)
def test_entropy_by_hand(score: float, bits: float) -> None:
    assert entropy(np.array([score]))[0] == pytest.approx(bits, abs=1e-9)


def test_detections_below_a_twentieth_say_nothing_of_uncertainty() -> None:
    seen = detected([(0, 0, 0.049)] * 30 + [(1, 0, 0.051)])
    parts = {one.image_index: one.parts for one in chosen(ImageTable.of(image_ids=[5, 6]), detections=seen).picks}
    assert (parts[0]["uncertain"], parts[1]["uncertain"]) == (0, 2)


def test_a_rare_class_counts_from_a_hundredth_on() -> None:
    """By hand: 100 cars are labelled and no rider, so a car is worth 1 / 101 and a rider 1. Enough is one object.

    Image 1 lets expect .03 riders, image 2 one car, image 3 nothing that counts: worth .03, .0099 and 0, mean .0133.
    """
    images = ImageTable.of(image_ids=[5, 6, 7, 8], class_counts=[[100, 0], [0, 0], [0, 0], [0, 0]])
    seen = detected([(1, 1, 0.01), (1, 1, 0.02), (2, 0, 1.0), (3, 1, 0.009)])
    found = chosen(images, (0,), detections=seen).picks
    parts = {one.image_index: one.parts["classes"] for one in found}
    mean = (0.03 + 1 / 101) / 3
    assert found[0].image_index == 1
    assert parts[1] == pytest.approx(0.03 / mean, abs=1e-4)
    assert parts[3] == 0
    assert found[0].reason == {"code": "scarce_class", "class_name": "rider", "labelled": 0.0}


def test_a_class_is_needed_less_once_images_with_it_are_taken() -> None:
    """Two images with three riders each come before one car; the second is worth a quarter: 1 / (1 + 3 / 1)."""
    images = ImageTable.of(image_ids=[5, 6, 7])
    seen = detected([(image, 1, 1.0) for image in (0, 1) for _ in range(3)] + [(2, 0, 1.0)])
    first, second, third = chosen(images, detections=seen).picks
    mean = (3 + 3 + 1) / 3
    assert [first.image_index, second.image_index, third.image_index] == [0, 2, 1]
    assert first.parts["classes"] == pytest.approx(3 / mean, abs=1e-4)
    assert third.parts["classes"] == pytest.approx(3 / 4 / mean, abs=1e-4)


def test_of_two_images_with_the_same_doubts_the_one_that_takes_less_labelling_comes_first() -> None:
    """By hand: both have one bit. .5 and 4.5 cars are expected, 2.5 on average; .5 and 3 count, 1.75 on average.

    Costs are (.2 + .5 / 2.5) / 1.2 = .33333 and (.2 + 4.5 / 2.5) / 1.2 = 1.66667, worths (.5 + .5 / 1.75) / .33333 =
    2.35714 and (.5 + 3 / 1.75) / 1.66667 = 1.32857; once half a car is there, (.5 + 2 / 1.75) / 1.66667 = .98571.
    """
    seen = detected([(0, 0, 0.5), (1, 0, 0.5), *[(1, 0, 1.0)] * 4])
    found = chosen(ImageTable.of(image_ids=[5, 6]), detections=seen).picks
    assert [one.image_index for one in found] == [0, 1]
    assert [one.score for one in found] == pytest.approx([1, 0.98571 / 2.35714], abs=1e-4)


def test_with_the_same_doubts_what_is_unlike_all_else_comes_later() -> None:
    """By hand: four of five look alike. Shares of .8 and .2 are .68 on average, fourth roots 1.04147 and .73643.

    The first of the four is worth (.5 + 1) 1.04147 = 1.56221; once half a car is there, the outlier is worth
    (.5 + 1 / 1.5) .73643 = .85917, and the other three a quarter of what they were, as nothing of them is new.
    """
    seen = detected([(image, 0, 0.5) for image in range(5)])
    found = chosen(ImageTable.of(image_ids=np.arange(5)), detections=seen, vectors=looks(1, 0, 0, 0, 0)).picks
    assert [one.image_index for one in found[:2]] == [1, 0]
    assert found[1].score == pytest.approx(0.85917 / 1.56221, abs=1e-4)


def test_at_most_three_objects_of_a_class_count_in_an_image() -> None:
    """The first of two equal images comes first, though the second may hold three times as many riders."""
    found = chosen(ImageTable.of(image_ids=[5, 6]), detections=detected([(1, 1, 1.0)] * 9 + [(0, 1, 1.0)] * 3))
    assert [one.image_index for one in found.picks] == [0, 1]
    assert found.objects.tolist() == [[0, 3], [0, 9]]


def test_a_weak_class_comes_before_a_strong_one() -> None:
    images = ImageTable.of(image_ids=[5, 6, 7], class_counts=[[50, 50], [0, 0], [0, 0]])
    seen = detected([(1, 0, 0.9), (2, 1, 0.9)])
    found = chosen(images, (0,), detections=seen, average_precision=np.array([0.8, 0.1])).picks
    assert [one.image_index for one in found] == [2, 1]
    assert found[0].reason == {"code": "weak_class", "class_name": "rider", "ap": 0.1}
    assert found[0].parts["classes"] == pytest.approx(2 * 0.9 / (0.9 + 0.2), abs=1e-4)
    assert picked(images, (0,), detections=seen, average_precision=np.array([0.1, np.nan])) == [2, 1]


def test_at_most_so_many_of_a_sequence() -> None:
    images = ImageTable.of(image_ids=np.arange(5), sequence=[1, 1, 1, -1, -1])
    seen = detected([(image, 0, score) for image, score in enumerate([0.5, 0.6, 0.7, 0.97, 0.98])])
    assert picked(images, detections=seen) == [0, 3, 4]
    assert chosen(images, detections=seen).left_out == {"near_duplicate": 0, "sequence": 2}
    two = ToLabelSettings(hash_bits=-1, per_sequence=2)
    assert picked(images, detections=seen, settings=two) == [0, 1, 3, 4]


def test_near_duplicates_of_what_is_labelled_or_taken_are_left_out() -> None:
    """Image 1 differs from the labelled one in two bits, image 3 from image 2 in one."""
    images = ImageTable.of(image_ids=np.arange(5), hashes=[0, 3, 255 << 20, (255 << 20) + 1, 255 << 40])
    seen = detected([(image, 0, score) for image, score in enumerate([0.5, 0.5, 0.5, 0.6, 0.97])])
    found = chosen(images, (0,), detections=seen, settings=ToLabelSettings(hash_bits=2))
    assert [one.image_index for one in found.picks] == [2, 4]
    assert found.left_out == {"near_duplicate": 2, "sequence": 0}
    assert found.measure == "hash"
    assert [(one.nearest, one.distance) for one in found.picks] == [(0, pytest.approx(8)), (0, pytest.approx(8))]


def test_near_duplicates_by_embedding_are_left_out() -> None:
    vectors = looks(0, 0, 1, 1, 2)
    vectors[3] = [0, 0.995, 0.0998749, 0, 0, 0, 0, 0]  # a cosine distance of .005 from image 2
    seen = detected([(image, 0, 0.5) for image in range(5)])
    images = ImageTable.of(image_ids=np.arange(5))
    near = ToLabelSettings(hash_bits=-1, least_distance=0.01)
    assert picked(images, (0,), detections=seen, vectors=vectors, settings=near) == [2, 4]
    exact = ToLabelSettings(hash_bits=-1, least_distance=0.001)
    assert sorted(picked(images, (0,), detections=seen, vectors=vectors, settings=exact)) == [2, 3, 4]


def at_cosine(*distances: float) -> NDArray[np.float32]:
    """The first direction, then vectors at these cosine distances from it, each turned another way."""
    vectors = [np.eye(8)[0]] + [(1 - d) * np.eye(8)[0] + np.sqrt(1 - (1 - d) ** 2) * np.eye(8)[k + 1]
                                for k, d in enumerate(distances)]  # fmt: skip
    return np.array(vectors, np.float32)


def test_equal_hashes_say_nothing_of_images_whose_embeddings_differ() -> None:
    """All have the hash of the labelled one: of those at .04, .08 and .2 from it only the last is another image.

    Of those with hashes of their own, at .04 and .08, only the second.
    """
    vectors = at_cosine(0.04, 0.08, 0.2, 0.04, 0.08)
    images = ImageTable.of(image_ids=np.arange(6), hashes=[0, 0, 0, 0, 255 << 20, 255 << 40])
    found = chosen(images, (0,), vectors=vectors, settings=ToLabelSettings())
    assert sorted(one.image_index for one in found.picks) == [3, 5]
    assert found.left_out == {"near_duplicate": 3, "sequence": 0}


def test_where_an_embedding_is_missing_the_hash_decides() -> None:
    images = ImageTable.of(image_ids=np.arange(4), hashes=[0, 1, 255 << 20, (255 << 20) + 1])
    vectors = looks(0, -1, 1, 2)
    assert sorted(picked(images, (0,), vectors=vectors, settings=ToLabelSettings())) == [2, 3]


def test_without_embeddings_hashes_must_be_nearly_equal() -> None:
    """Of three images 2, 3 and 6 bits from the labelled one the first is its near-duplicate."""
    images = ImageTable.of(image_ids=np.arange(4), hashes=[0, 0b11, 0b111 << 20, 0b111111 << 40])
    assert sorted(picked(images, (0,), settings=ToLabelSettings())) == [2, 3]


def test_each_image_has_its_nearest_labelled_neighbour() -> None:
    vectors = looks(0, 1, 2)
    vectors = np.concatenate([vectors, np.array([[0, 0.8, 0.6, 0, 0, 0, 0, 0]], np.float32)])
    (found,) = chosen(ImageTable.of(image_ids=np.arange(4)), (0, 1, 2), vectors=vectors).picks
    assert (found.image_index, found.nearest) == (3, 1)
    assert found.distance == pytest.approx(0.2, abs=1e-6)


def test_without_labelled_images_there_is_no_neighbour() -> None:
    found = chosen(ImageTable.of(image_ids=[5, 6]), vectors=looks(0, 1)).picks
    assert [(one.nearest, one.distance) for one in found] == [(-1, np.inf)] * 2


def test_without_a_checkpoint_what_stands_for_many_comes_first_and_each_look_once() -> None:
    """Forty images of one look, twenty of another, three that look like nothing else."""
    vectors = looks(*[0] * 40, *[1] * 20, 2, 3, 4)
    found = chosen(ImageTable.of(image_ids=np.arange(63)), vectors=vectors, settings=ToLabelSettings(budget=5))
    assert found.measure == "embedding"
    assert [one.image_index for one in found.picks] == [0, 40, 60, 61, 62]
    assert found.picks[0].reason == {"code": "typical", "count": 40}
    assert found.picks[4].reason == {"code": "new"}


def test_without_a_checkpoint_what_looks_like_labelled_images_comes_last() -> None:
    vectors = looks(0, *[0] * 9, *[1] * 5)
    vectors[1] = [0.9, 0, 0.4358899, 0, 0, 0, 0, 0]
    images = ImageTable.of(image_ids=np.arange(15))
    assert picked(images, (0,), vectors=vectors)[0] >= 10
    assert picked(images, (0,), vectors=vectors, settings=ToLabelSettings(hash_bits=-1)) == [10, 1]


def test_without_checkpoint_and_embeddings_hashes_and_facts_decide() -> None:
    """All hashes differ alike from each other, but for that of image 2, which is near the labelled one."""
    hashes = np.array([0, 255, 1, 255 << 8, 255 << 16], np.uint64)
    images = ImageTable.of(image_ids=np.arange(5), hashes=hashes, strata={"weather": [0, 0, 0, 0, 1]})
    found = chosen(images, (0,))
    assert (found.measure, [one.image_index for one in found.picks]) == ("hash", [4, 1, 3, 2])
    assert found.picks[0].reason == {"code": "scarce_value", "field": "weather", "labelled": 0.0}


def test_a_value_that_few_labelled_images_have_is_a_reason() -> None:
    """By hand: of the ten labelled images none is foggy, so fog is needed eleven times as much as sun."""
    weather = [0] * 12 + [1]
    images = ImageTable.of(image_ids=np.arange(13), strata={"weather": weather})
    seen = detected([(10, 0, 0.01)])
    found = chosen(images, tuple(range(10)), detections=seen).picks
    parts = {one.image_index: one.parts for one in found}
    assert found[0].image_index == 12
    assert found[0].reason == {"code": "scarce_value", "field": "weather", "labelled": 0.0}
    assert parts[12]["facts"] == pytest.approx(11 * parts[10]["facts"], rel=1e-3)


def test_nothing_known_at_all_still_fills_the_budget() -> None:
    found = chosen(ImageTable.of(image_ids=np.arange(9)), settings=ToLabelSettings(budget=4))
    assert (len(found.picks), found.measure) == (4, "none")


@pytest.mark.parametrize("labelled", [(), (0, 1)])
def test_nothing_to_choose_from(labelled: tuple[int, ...]) -> None:
    images = ImageTable.of(image_ids=np.arange(len(labelled)))
    assert chosen(images, labelled).picks == []
    assert chosen(images, labelled, detections=detected([]), vectors=looks(*labelled)).picks == []


def test_scores_fall_from_one() -> None:
    seen = detected([(image, image % 2, 0.02 * (image + 1)) for image in range(30)])
    scores = [one.score for one in chosen(ImageTable.of(image_ids=np.arange(30)), detections=seen).picks]
    assert scores[0] == 1
    assert scores == sorted(scores, reverse=True)


def test_some_images_without_an_embedding_are_chosen_too() -> None:
    found = chosen(ImageTable.of(image_ids=np.arange(4)), vectors=looks(0, 1, 2, -1)).picks
    assert sorted(one.image_index for one in found) == [0, 1, 2, 3]
    assert {one.image_index: one.parts["novelty"] for one in found}[3] == 0.5


def test_embeddings_of_less_than_half_of_the_images_are_left_aside() -> None:
    images = ImageTable.of(image_ids=np.arange(4), hashes=np.arange(4))
    assert chosen(images, vectors=looks(0, -1, -1, -1)).measure == "hash"


def test_the_same_input_gives_the_same_choice() -> None:
    case = crowd(seed=3)
    first, second = (choose_to_label(**case).picks for _ in range(2))
    assert [facts_of(one) for one in first] == [facts_of(one) for one in second]


def facts_of(one: PickToLabel) -> tuple[int, float, str]:
    return one.image_index, one.score, one.why


def crowd(seed: int) -> dict[str, Any]:
    """400 images with embeddings of 100 numbers, detections, sequences and facts."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((400, 100)).astype(np.float32) * np.arange(1, 101) ** -0.7
    boxes = 1200
    return {
        "images": ImageTable.of(
            image_ids=np.arange(400),
            class_counts=random.poisson(2, (400, 2)) * (np.arange(400) < 80)[:, None],
            sequence=random.integers(0, 300, 400),
            hashes=random.integers(0, 2**62, 400),
            strata={"weather": random.integers(-1, 4, 400)},
        ),
        "labelled": np.arange(400) < 80,
        "class_names": NAMES,
        "detections": Detections.of(
            image_index=random.integers(80, 400, boxes),
            class_index=random.integers(0, 2, boxes),
            boxes=np.zeros((boxes, 4)) + BOX,
            scores=random.beta(0.6, 1.5, boxes),
        ),
        "vectors": vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        "settings": ToLabelSettings(budget=60),
    }


class TestFewDirections:
    def test_what_lies_in_few_directions_keeps_its_distances(self) -> None:
        random = np.random.default_rng(0)
        flat = random.standard_normal((200, 20)) @ random.standard_normal((20, 300))
        vectors = (flat / np.linalg.norm(flat, axis=1, keepdims=True)).astype(np.float32)
        points = few_directions(vectors, np.ones(200, bool), seed=0)
        assert points.shape == (200, 64)
        before, after = (np.linalg.norm(each[1:] - each[0], axis=1) for each in (vectors, points))
        assert after == pytest.approx(before, abs=1e-3)

    def test_no_distance_grows(self) -> None:
        vectors = crowd(seed=1)["vectors"].astype(np.float32)
        points = few_directions(vectors, np.ones(400, bool), seed=0)
        before, after = (np.linalg.norm(each[1:] - each[0], axis=1) for each in (vectors, points))
        assert (after <= before + 1e-5).all()

    def test_the_nearest_is_found(self) -> None:
        likeness = likeness_of(ImageTable.of(image_ids=np.arange(4)), looks(0, 1, 2, 1), seed=0)
        rows, distance = nearest(likeness.points, np.array([3]), np.array([0, 1, 2]))
        assert (rows.tolist(), distance.tolist()) == ([1], [0])


def random_candidates(random: np.random.Generator) -> Candidates:
    points = random.standard_normal((120, 5)).astype(np.float32)
    return Candidates(
        fixed=random.random(120),
        amounts=random.random((120, 3)),
        values=random.integers(-1, 6, (120, 2)),
        cost=random.uniform(0.3, 3, 120),
        points=points,
        vectors=points,
        known=random.random(120) < 0.9,
        squared=random.random(120) * 9,
        hashes=random.integers(0, 2**10, 120).astype(np.uint64) << np.uint64(3),
        hashed=random.random(120) < 0.9,
        there=np.array([0]),
        sequence=random.integers(-1, 60, 120),
        state=np.where(np.arange(120) == 0, TAKEN, OPEN),
    )


def taken_plainly(candidates: Candidates, needs: Needs, limits: Limits) -> list[int]:
    """Look at every image every time."""
    taken: list[int] = []
    while len(taken) < limits.budget:
        worth = np.array([plain_worth(candidates, needs, limits, taken, i) for i in range(len(candidates.fixed))])
        if not np.isfinite(worth).any():
            break
        best = int(worth.argmax())
        taken.append(best)
        needs.class_there[:] += candidates.amounts[best]
        for value in candidates.values[best][candidates.values[best] >= 0]:
            needs.value_there[value] += 1
    return taken


def plain_worth(candidates: Candidates, needs: Needs, limits: Limits, taken: list[int], i: int) -> float:
    same = candidates.sequence[taken] == candidates.sequence[i]
    if i == 0 or i in taken or (candidates.sequence[i] >= 0 and same.sum() >= limits.per_sequence):
        return -np.inf
    for other in [0, *taken]:
        bits = bin(int(candidates.hashes[i]) ^ int(candidates.hashes[other])).count("1")
        same_hash = candidates.hashed[i] and candidates.hashed[other] and bits <= limits.hash_bits
        if not (candidates.known[i] and candidates.known[other]):
            twice = same_hash and bits <= limits.sure_bits
        else:  # of what is labelled the nearest was compared before
            least = limits.alike if same_hash else limits.least if other else -1.0
            twice = ((candidates.points[i] - candidates.points[other]) ** 2).sum() <= least
        if twice:
            return -np.inf
    known = [k for k in taken if candidates.known[k]]
    squared = ((candidates.points[known] - candidates.points[i]) ** 2).sum(axis=1)
    near = min(float(candidates.squared[i]), float(squared.min(initial=np.inf)))
    novelty = min(1.0, np.sqrt(near) / limits.reach) if candidates.known[i] else 0.5
    of_class = needs.class_weight / (1 + needs.class_there / needs.class_enough)
    of_value = needs.value_weight / (1 + needs.value_there / needs.value_enough)
    values = candidates.values[i][candidates.values[i] >= 0]
    worth = candidates.fixed[i] + candidates.amounts[i] @ of_class + of_value[values].sum()
    return float(worth / candidates.cost[i] * (limits.floor + (1 - limits.floor) * novelty))


@pytest.mark.parametrize("seed", range(5))
def test_looking_at_few_images_takes_the_same_as_looking_at_all(seed: int) -> None:
    def fresh() -> tuple[Candidates, Needs, Limits]:
        random = np.random.default_rng(seed)
        needs = Needs(np.array([1.0, 2.0, 0.5]), np.zeros(3), 4.0, np.ones(6), np.arange(6.0), 2.0)
        return random_candidates(random), needs, Limits(40, 1, 2, 1, 3.0, 0.25, 0.5, 2.0)

    assert take(*fresh()).rows.tolist() == taken_plainly(*fresh())
