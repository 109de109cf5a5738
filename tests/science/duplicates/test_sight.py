"""Copies by sight: hashes of the symmetries by hand, candidates against all pairs, what geometry finds and refuses."""

import numpy as np
import pytest
from PIL import Image

from curate.duplicates.keypoints import signature_of_grey
from science.duplicates import pairs
from science.duplicates.candidates import by_embedding, by_hash
from science.duplicates.difference import worst_parts
from science.duplicates.geometry import agreement_of, parts_with_contrast
from science.duplicates.groups import groups_of_pairs
from science.duplicates.pairs import LEAST_PARTS, MOST_OFF, find_pairs
from science.duplicates.poses import pose_of
from science.duplicates.signatures import SMALL, Signatures, matrix_of, mirrored, seen_as, symmetric_hashes
from tests.science.duplicates.drawing import darker, scene, turned, window
from tests.science.duplicates.drawing import mirrored as mirror

ALL = 2**64 - 1


def ramp(direction: str) -> np.ndarray:
    """A (SMALL, SMALL) picture that grows brighter to the right, left, downwards or upwards."""
    row = np.arange(SMALL, dtype=np.uint8) * 4
    across = np.tile(row, (SMALL, 1))
    return {"right": across, "left": across[:, ::-1], "down": across.T, "up": across.T[::-1]}[direction].copy()


@pytest.mark.parametrize(
    ("direction", "hashes"),
    [
        # brighter to the right: all ones; against the clock that becomes brighter upwards, all rows equal; then left …
        ("right", [ALL, 0, 0, 0, 0, 0, ALL, 0]),
        ("left", [0, 0, ALL, 0, ALL, 0, 0, 0]),
        ("down", [0, ALL, 0, 0, 0, ALL, 0, 0]),
        ("up", [0, 0, 0, ALL, 0, 0, 0, ALL]),
    ],
)
def test_hashes_of_the_eight_symmetries_by_hand(direction: str, hashes: list[int]) -> None:
    assert symmetric_hashes(ramp(direction)).tolist() == hashes


@pytest.mark.parametrize("symmetry", range(8))
def test_the_first_hash_of_a_turned_picture_is_the_turned_hash_of_the_first(symmetry: int) -> None:
    picture = np.asarray(scene(7).convert("L").resize((SMALL, SMALL)))
    copy = np.ascontiguousarray(seen_as(picture.astype(np.float32), symmetry)).astype(np.uint8)
    assert symmetric_hashes(copy)[0] == symmetric_hashes(picture)[symmetry]
    share, parts, of_a, of_b = agreement_of(picture, copy, matrix_of(symmetry).reshape(6))
    assert (share, round(of_a, 1), round(of_b, 1)) == (1.0, 1.0, 1.0)
    assert parts > 100


def test_hash_candidates_are_those_of_all_pairs() -> None:
    random = np.random.default_rng(1)
    hashes = random.integers(0, 2**63, (60, 8)).astype(np.uint64)
    for a, b, s, flips in [(3, 9, 5, 7), (10, 40, 0, 0), (2, 50, 7, 8)]:  # the last one bit too far
        bits = random.choice(64, flips, replace=False)
        hashes[b, 0] = hashes[a, s] ^ np.bitwise_or.reduce(np.uint64(1) << bits.astype(np.uint64), initial=np.uint64(0))
    found = by_hash(hashes, 7)
    assert [(int(a), int(b), int(s)) for (a, b), s in zip(found.pairs, found.symmetry, strict=True)] == [
        (3, 9, 5),
        (10, 40, 0),
    ]


def signed(*pictures: Image.Image) -> Signatures:
    shown = [picture.convert("L") for picture in pictures]
    for picture in shown:
        picture.thumbnail((320, 320))
    return Signatures.of([signature_of_grey(np.asarray(picture)) for picture in shown])


@pytest.mark.parametrize(
    ("copy", "overlap", "pose"),
    [
        (mirror(scene(1)), 1.0, "mirrored"),
        (turned(scene(1)), 1.0, "turned"),
        (turned(mirror(scene(1))), 1.0, "mirrored_and_turned"),
        (darker(scene(1)), 1.0, "upright"),
        (window(scene(1), 0.1, 0.2, 0.9, 0.95), 0.8 * 0.75, "upright"),
        (mirror(window(scene(1), 0.2, 0, 1, 0.9)), 0.8 * 0.9, "mirrored"),
        (window(scene(1), 0.5, 0.5, 1, 1), 0.25, "upright"),
    ],
)
def test_a_copy_is_found_where_it_lies(copy: Image.Image, overlap: float, pose: str) -> None:
    found = find_pairs(signed(scene(1), scene(2), copy, scene(3)))
    assert found.pairs.tolist() == [[0, 2]]
    assert found.overlap[0] == pytest.approx(overlap, abs=0.06)
    assert pose_of(found.maps[0]) == pose


def test_two_windows_that_share_a_part_are_found() -> None:
    whole = scene(4, 720, 320)
    found = find_pairs(signed(window(whole, 0, 0, 0.6, 1), window(whole, 0.3, 0, 0.9, 1)))
    assert found.pairs.tolist() == [[0, 1]]
    assert found.overlap[0] == pytest.approx(1 / 3, abs=0.06)


def test_one_logo_in_two_pictures_is_no_copy() -> None:
    pictures = [scene(seed) for seed in (11, 12)]
    for picture in pictures:
        picture.paste(scene(99).resize((120, 80)), (20, 20))
    assert find_pairs(signed(*pictures)).pairs.tolist() == []


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_compare(count: int) -> None:
    assert len(find_pairs(signed(*[scene(1)] * count))) == 0


def test_another_car_in_the_same_place_is_no_copy() -> None:
    """A piece whose edges lie where they should, one part of which is as dark as in none of the copies."""
    first = scene(21)
    tile = window(first, 0.5, 0.5, 1, 1)
    other = tile.copy()
    other.paste(tile.crop((60, 40, 150, 120)).point(lambda level: 255 - level), (60, 40))
    found = find_pairs(signed(first, tile))
    maps = np.repeat(found.maps, 2, axis=0)
    right, wrong = worst_parts(signed(first, tile, other).small, np.array([[0, 1], [0, 2]]), maps)
    assert right < 0.2
    assert wrong > MOST_OFF


def test_hundreds_of_one_hash_are_few_pairs_that_hang_together() -> None:
    hashes = np.zeros((400, 8), np.uint64) + np.uint64(0xF0F0F0F0)
    found = by_hash(hashes, 7).pairs
    assert len(np.unique(found, axis=0)) < 400 * 90  # all would be 79,800 under each symmetry
    assert [len(group) for group in groups_of_pairs(found)] == [400]


def test_flat_pictures_are_no_copies_of_each_other() -> None:
    flat = [Image.new("L", (320, 240), grey) for grey in (40, 90, 90)]
    assert len(find_pairs(signed(*flat))) == 0


def test_flat_pictures_are_not_even_candidates() -> None:
    """A thousand black frames are half a million pairs of one hash, each under eight symmetries."""
    pictures = signed(*[Image.new("L", (320, 240), grey) for grey in (0, 90, 90)], scene(1), darker(scene(1)))
    parts = parts_with_contrast(pictures.small)
    assert parts[:3].tolist() == [0, 0, 0]
    assert parts[3:].min() > 100
    assert len(by_hash(pictures.hashes).pairs) > 3
    assert by_hash(pictures.hashes, parts=parts, least=LEAST_PARTS).pairs.tolist() == [[3, 4]]


def test_many_whole_pictures_are_compared_with_a_word_after_each_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told can also stop the work."""
    monkeypatch.setattr(pairs, "AT_ONCE", 2)
    told: list[float] = []
    assert len(pairs.whole_pictures(signed(*[scene(1)] * 4), told.append)) == 6
    assert told == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_mirrored_picture_has_the_same_words_in_another_order() -> None:
    grey = np.asarray(scene(5).convert("L"))
    plain, other = signature_of_grey(grey), signature_of_grey(np.ascontiguousarray(grey[:, ::-1]))
    bits = np.bitwise_count(mirrored(plain.words)[:, None] ^ other.words[None]).sum(axis=2).min(axis=1)
    assert np.median(bits) <= 8


def test_neighbours_by_embedding_are_the_nearest() -> None:
    random = np.random.default_rng(2)
    vectors = random.normal(size=(40, 1280)).astype(np.float16)
    vectors[7] = vectors[30] + 0.05 * vectors[1]
    assert [7, 30] in by_embedding(vectors, 1).tolist()


def test_groups_are_chains_of_pairs() -> None:
    groups = groups_of_pairs(np.array([[5, 9], [1, 2], [9, 12]]))
    assert [group.tolist() for group in groups] == [[5, 9, 12], [1, 2]]
    assert groups_of_pairs(np.zeros((0, 2), np.int64)) == []
