"""How busy the machine is that trains: read from what the system and the driver print, and shown while a run trains."""

import os

import pytest

from jobs.models import Job
from model.measurements import usage
from model.measurements.usage import GpuUse, MachineUse, UsageWatch, busy_share, core_times, memory_of, read_gpus
from model.models import Run
from tests.factories import assert_charlie_gets_404
from tests.model.scene import FROM_SCRATCH, Scene

CORE = min(os.sched_getaffinity(0))
#                   user nice system idle iowait irq softirq steal guest
BEFORE = f"cpu  1 1 1 1 1 1 1 1 1 1\ncpu{CORE} 100 0 50 800 50 0 0 0 0 0\nintr 5\n"
AFTER = f"cpu  2 2 2 2 2 2 2 2 2 2\ncpu{CORE} 160 0 65 820 55 0 0 0 40 0\nintr 6\n"


def test_the_processor_is_busy_where_it_neither_idles_nor_waits() -> None:
    before, after = core_times(BEFORE), core_times(AFTER)
    assert before == {CORE: (850, 1000)}
    assert busy_share(before, after) == pytest.approx(0.75)  # 75 of 100 ticks; guests are counted once
    assert busy_share(before, before) is None
    assert busy_share({}, {}) is None


def test_memory_is_what_cannot_be_taken_any_more() -> None:
    assert memory_of("MemTotal: 8000 kB\nMemFree: 10 kB\nMemAvailable: 2000 kB\n") == (6000 * 1024, 8000 * 1024)
    assert memory_of("") == (None, None)


def test_the_drivers_lines_are_read() -> None:
    said = "0, NVIDIA A100-SXM4-80GB, 97, 31202, 81920\n1, NVIDIA A100-SXM4-80GB, [N/A], [N/A], 81920\n"
    first, second = read_gpus(said)
    assert first == GpuUse(0, "NVIDIA A100-SXM4-80GB", 0.97, 31202 << 20, 81920 << 20)
    assert (second.use, second.memory) == (None, None)
    assert read_gpus("No devices were found\n") == ()


def test_it_looks_every_few_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[MachineUse] = []
    watch = UsageWatch(seen.append)
    watch.look()
    assert seen == []
    monkeypatch.setattr(usage, "EVERY", 0.0)
    watch.look()
    (found,) = seen
    assert found.cores == len(os.sched_getaffinity(0))
    assert found.memory is not None
    assert 0 < found.memory < (found.memory_total or 0)


@pytest.mark.django_db
def test_it_is_shown_while_the_run_trains_and_not_after() -> None:
    scene = Scene()
    number = scene.post(weights=FROM_SCRATCH).json()["id"]
    assert scene.get(f"runs/{number}")["usage"] is None
    use = MachineUse(0.5, 2, 1 << 30, 2 << 30, (GpuUse(0, "A GPU", None, 1 << 20, 1 << 21),))
    Run.objects.filter(pk=number).update(usage=use.as_json())
    job = Job.objects.get(pk=Run.objects.get(pk=number).job_id)
    assert job.claim("a worker")
    shown = scene.get(f"runs/{number}")["usage"]
    assert (shown["cpu"], shown["cores"], shown["memory"]) == (0.5, 2, 1 << 30)
    assert shown["gpus"] == [
        {"index": 0, "name": "A GPU", "use": None, "memory": 1 << 20, "memory_total": 1 << 21},
    ]  # fmt: skip
    assert_charlie_gets_404(scene.cast, "get", f"runs/{number}")
    job.fail("a worker", "It broke.")
    assert scene.get(f"runs/{number}")["usage"] is None
