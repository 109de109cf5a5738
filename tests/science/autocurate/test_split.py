"""A split leaks nothing, parts every class alike, and says what it could not keep."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.sparse.csgraph import connected_components

from science.autocurate.folds import folds
from science.autocurate.grouping import Distinct, distinct_images, groups_of, pairs_across
from science.autocurate.split import split
from science.autocurate.stratify import _swap, label_matrix
from science.autocurate.types import ImageTable
from storage.facts import difference_hash


def distances(hashes: np.ndarray) -> np.ndarray:
    """Return (I, I) differing bits, the slow way."""
    return np.array([[(int(a) ^ int(b)).bit_count() for b in hashes] for a in hashes])


@st.composite
def tables(draw: st.DrawFn) -> ImageTable:
    """Images with sequences, classes, metadata, and hashes that lie a few flipped bits around some scenes."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    count, scenes = draw(st.integers(4, 120)), draw(st.integers(2, 60))
    hashes = random.integers(0, 2**63, scenes).astype(np.uint64)[random.integers(0, scenes, count)]
    for _ in range(draw(st.integers(0, 5))):
        hashes ^= np.uint64(1) << random.integers(0, 64, count).astype(np.uint64)
    sequence = np.where(random.random(count) < 0.5, random.integers(0, 30, count), -1)
    return ImageTable.of(
        image_ids=np.arange(count),
        class_counts=random.poisson([3, 1, 0.2], (count, 3)),
        sequence=sequence,
        hashes=hashes,
        hashed=random.random(count) < 0.9,
        strata={"weather": random.integers(-1, 3, count)},
    )


@settings(max_examples=80, deadline=None)
@given(tables(), st.integers(0, 9))
def test_groups_are_the_chains_of_all_pairs(images: ImageTable, bits: int) -> None:
    near = (distances(images.hashes) <= bits) & images.hashed[:, None] & images.hashed[None, :]
    same = (images.sequence[:, None] == images.sequence[None, :]) & (images.sequence >= 0)[:, None]
    _, expected = connected_components(near | same, directed=False)
    ours = groups_of(images, bits)
    assert len(set(zip(ours, expected, strict=True))) == len(set(ours)) == len(set(expected))


@settings(max_examples=80, deadline=None)
@given(tables(), st.integers(0, 9))
def test_leaking_pairs_are_counted_once_each(images: ImageTable, bits: int) -> None:
    side = np.arange(len(images)) % 3
    near = (distances(images.hashes) <= bits) & images.hashed[:, None] & images.hashed[None, :]
    assert pairs_across(images, side, bits) == np.triu(near & (side[:, None] != side[None, :]), 1).sum()


@settings(max_examples=80, deadline=None)
@given(tables(), st.integers(0, 1000))
def test_no_sequence_and_no_group_is_parted(images: ImageTable, seed: int) -> None:
    try:
        result = split(images, seed=seed)
    except ValueError:
        reject()  # all images hang together
    for sequence in np.unique(images.sequence[images.sequence >= 0]):
        assert len(set(result.side[images.sequence == sequence])) == 1
    for group in np.unique(result.group):
        assert len(set(result.side[result.group == group])) == 1
    report = result.report
    assert report.sequences_across == 0
    assert set(result.side) == {0, 1}
    assert sum(report.images) == len(images)
    if report.hash_bits == report.hash_bits_asked:
        assert report.near_duplicates_across == 0
    assert json.dumps(asdict(report))


@settings(max_examples=20, deadline=None)
@given(tables(), st.integers(0, 3))
def test_the_same_seed_gives_the_same_split(images: ImageTable, seed: int) -> None:
    try:
        first = split(images, seed=seed, hash_bits=0)
    except ValueError:
        reject()
    assert np.array_equal(first.side, split(images, seed=seed, hash_bits=0).side)


def long_tail(count: int, sequence_length: int) -> ImageTable:
    """Images of ten classes, the rarest one in fifty; what a sequence shows is much the same in all its frames."""
    random = np.random.default_rng(0)
    sequence = np.arange(count) // sequence_length
    rates = random.gamma(2, 0.5, (sequence.max() + 1, 10)) * [3, 2, 1, 0.5, 0.3, 0.2, 0.1, 0.1, 0.05, 0.02]
    return ImageTable.of(
        image_ids=np.arange(count),
        class_counts=random.poisson(rates[sequence]),
        sequence=sequence if sequence_length > 1 else None,
        strata={"weather": sequence % 5, "scene": sequence % 3},
    )


def test_classes_and_metadata_are_parted_alike() -> None:
    report = split(long_tail(3000, 1)).report
    assert report.images == [2400, 600]
    np.testing.assert_allclose(report.class_share[1], 0.2, atol=0.02)
    for values in report.strata_images.values():
        for train, validation in values.values():
            assert validation / (train + validation) == pytest.approx(0.2, abs=0.01)


def test_with_long_sequences_too_the_rare_classes_stand_on_both_sides() -> None:
    report = split(long_tail(800, 10)).report
    assert report.images[1] == pytest.approx(160, abs=10)
    np.testing.assert_allclose(report.class_share[1][:6], 0.2, atol=0.06)
    assert min(report.class_boxes[1]) > 0


def test_another_seed_gives_another_split() -> None:
    images = long_tail(200, 1)
    assert not np.array_equal(split(images, seed=0).side, split(images, seed=1).side)


def test_a_chain_through_everything_is_cut_and_said_so() -> None:
    """Each frame differs from the one before by two bits: at six bits all 64 images hang together."""
    hashes = np.zeros(64, np.uint64)
    for frame in range(1, 64):
        hashes[frame] = hashes[frame - 1] ^ (np.uint64(1) << np.uint64(frame - 1))
    chain = ImageTable.of(image_ids=np.arange(64), hashes=hashes)
    report = split(chain, hash_bits=6).report
    assert report.hash_bits < report.hash_bits_asked == 6
    assert report.near_duplicates_across > 0
    assert min(report.images) > 0


def test_equal_images_stay_together() -> None:
    """Every image stands twice, under another name."""
    random = np.random.default_rng(3)
    hashes = np.repeat(random.integers(0, 2**63, 50), 2)
    side = split(ImageTable.of(image_ids=np.arange(100), hashes=hashes)).side
    assert np.array_equal(side[::2], side[1::2])


def test_signed_hashes_are_those_of_the_database() -> None:
    table = ImageTable.of(image_ids=[1, 2], hashes=np.array([-1, -2], np.int64))
    assert pairs_across(table, np.array([0, 1]), 1) == 1


def test_three_sides_and_a_class_that_stands_in_one_image() -> None:
    counts = np.zeros((30, 2), np.int64)
    counts[:, 0], counts[4, 1] = 1, 5
    result = split(ImageTable.of(image_ids=np.arange(30), class_counts=counts), ratios=(6, 3, 1))
    assert result.report.images == [18, 9, 3]
    assert sorted(row[1] for row in result.report.class_boxes) == [0, 0, 5]


def test_folds_are_even_and_respect_groups() -> None:
    images = long_tail(300, 5)
    fold = folds(images, k=3, seed=2)
    assert np.bincount(fold).tolist() == [100, 100, 100]
    for sequence in range(60):
        assert len(set(fold[images.sequence == sequence])) == 1
    shares = np.stack([images.class_counts[fold == k].sum(axis=0) for k in range(3)])[:, :6]
    np.testing.assert_allclose(shares / shares.sum(axis=0), 1 / 3, atol=0.07)


def test_it_rejects_what_cannot_be_split() -> None:
    one = ImageTable.of(image_ids=[1, 2, 3], sequence=[7, 7, 7])
    with pytest.raises(ValueError, match="too few"):
        split(one)
    with pytest.raises(ValueError, match="too few"):
        split(ImageTable.of(image_ids=[]))
    with pytest.raises(ValueError, match="above 0"):
        split(one, ratios=(1, 0))
    with pytest.raises(ValueError, match="two folds"):
        folds(one, k=1)
    with pytest.raises(ValueError, match="rows"):
        ImageTable.of(image_ids=[1, 2], sequence=[1])


def test_real_near_duplicates_stay_on_one_side(shared_data) -> None:
    """Every image of this set stands twice."""
    folder = shared_data / "vehicles_openimages" / "valid" / "images"
    hashes = [difference_hash(Image.open(path).convert("L")) for path in sorted(folder.glob("*.jpg"))]
    report = split(ImageTable.of(image_ids=np.arange(len(hashes)), hashes=np.array(hashes))).report
    assert report.near_duplicates_across == 0
    assert report.groups <= len(hashes) // 2


@pytest.mark.parametrize(("bits", "taken"), [(1, [0, 1]), (2, [0])])
def test_images_that_differ_in_just_so_many_bits_are_too_alike(bits: int, taken: list[int]) -> None:
    images = ImageTable.of(image_ids=[1, 2], hashes=[0, 0b11])
    assert distinct_images(images, np.arange(2), Distinct(9, 9, bits)).tolist() == taken


def test_hashes_that_share_one_bit_are_near_at_63() -> None:
    images = ImageTable.of(image_ids=[1, 2], hashes=np.array([0, 2**63 - 1], np.uint64))  # the highest bit is equal
    assert groups_of(images, 63).tolist() == [0, 0]
    assert groups_of(images, 62).tolist() == [0, 1]


def test_a_long_sequence_is_not_cut_and_no_threshold_blamed() -> None:
    images = ImageTable.of(image_ids=np.arange(12), sequence=[7] * 8 + [-1] * 4, hashes=1 << 4 * np.arange(12))
    report = split(images, ratios=(1, 1), hash_bits=1).report
    assert (report.hash_bits, report.largest_group, sorted(report.images)) == (1, 8, [4, 8])


def test_two_groups_change_places_where_that_evens_a_class() -> None:
    """Four images of 3, 1, 3 and 1 boxes, the full ones on one side. By hand: the cost of the boxes falls from
    (2² + 2²) / (0.5 · 8²) = 0.25 to 0."""
    matrix = label_matrix(ImageTable.of(image_ids=range(4), class_counts=[[3], [1], [3], [1]]), np.arange(4))
    side, held = np.array([0, 1, 0, 1]), np.array([[2.0, 6.0], [2.0, 2.0]])
    _swap(matrix, np.array([0.5, 0.5]), np.array([[0, 2], [0, 1], [2, 1]]), side, held)
    assert side.tolist() == [1, 0, 0, 1]
    assert held.tolist() == [[2, 4], [2, 4]]


def test_the_report_counts_images_of_each_value_on_each_side() -> None:
    """Forty images on their own, half in rain, two without a value: what the sides hold adds up to that."""
    weather = np.array([0, 1] * 19 + [-1, -1])
    images = ImageTable.of(image_ids=np.arange(40), class_counts=np.ones((40, 1)), strata={"weather": weather})
    made = split(images, ratios=(3, 1), seed=4)
    rows = made.report.strata_images["weather"]
    for value in (0, 1):
        on_sides = [int((weather[made.side == side] == value).sum()) for side in (0, 1)]
        assert rows[value] == on_sides
        assert sum(on_sides) == 19


def test_a_class_without_a_box_has_no_share() -> None:
    images = ImageTable.of(image_ids=np.arange(8), class_counts=np.stack([np.ones(8), np.zeros(8)], axis=1))
    shares = split(images, ratios=(3, 1), seed=0).report.class_share
    assert [round(one[0], 6) for one in shares] == [0.75, 0.25]
    assert all(np.isnan(one[1]) for one in shares)
