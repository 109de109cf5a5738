"""The port that a platform is started on."""

import pytest

from commandline.up import choose_port
from embedded import machine
from embedded.failures import Failure


def test_the_next_free_port_is_taken_when_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "port_is_free", lambda host, port: port == 8002)
    assert choose_port("127.0.0.1", None) == 8002


def test_a_port_asked_for_must_be_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "port_is_free", lambda host, port: False)
    with pytest.raises(Failure, match=r"Port 80 on 127.0.0.1 is taken by another program."):
        choose_port("127.0.0.1", 80)
    with pytest.raises(Failure, match="No free port from 8000 on"):
        choose_port("127.0.0.1", None)
