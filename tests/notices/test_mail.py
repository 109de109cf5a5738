"""Notices by mail: at once, once a day or never; together, in one's language, and ended by a link."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from notices import mailing
from notices.models import Notice, NoticeWish
from notices.services import NewNotice, mail_time, set_wish, tell
from tests.factories import Cast, assert_problem, call, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.EMAIL_HOST = "mail.example.org"
    settings.PUBLIC_URL = "https://halfday.example"
    return make_cast()


def tell_bob(cast: Cast, batch: str) -> None:
    tell(NewNotice(cast.project, "batch_done", {"batch": batch}, "/batches/3"), [cast.bob.pk])


def minute_later(user: User) -> None:
    Notice.objects.filter(user=user, mail_at__isnull=False).update(mail_at=timezone.now())


def test_it_works(cast: Cast) -> None:
    """What comes within a minute goes together."""
    set_wish(by=cast.bob, mail="at_once")
    tell_bob(cast, "First")
    tell_bob(cast, "Second")
    minute_later(cast.bob)
    assert [mailing.mail_to(cast.bob.pk) for _ in range(2)] == [2, 0]
    (sent,) = mail.outbox
    assert sent.to == [cast.bob.email]
    assert sent.subject == "Halfday: 2 notices"
    assert "All tasks of First are finished.\nhttps://halfday.example/batches/3" in sent.body


def test_a_single_one_is_the_subject_in_the_persons_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(language="ko")
    cast.bob.refresh_from_db()
    set_wish(by=cast.bob, mail="at_once")
    tell_bob(cast, "야간")
    minute_later(cast.bob)
    mailing.mail_to(cast.bob.pk)
    assert mail.outbox[0].subject == "Halfday: 야간 배치의 작업이 모두 끝났습니다."


@pytest.mark.parametrize(
    ("wish", "now", "expected"),
    [
        ("none", datetime(2026, 12, 3, 1, tzinfo=UTC), None),
        ("at_once", datetime(2026, 12, 3, 1, tzinfo=UTC), datetime(2026, 12, 3, 1, 1, tzinfo=UTC)),
        ("daily", datetime(2026, 12, 2, 22, tzinfo=UTC), datetime(2026, 12, 2, 23, tzinfo=UTC)),  # 7:00 in Seoul
        ("daily", datetime(2026, 12, 2, 23, tzinfo=UTC), datetime(2026, 12, 3, 23, tzinfo=UTC)),
    ],
)
def test_the_daily_one_comes_at_eight_where_the_person_is(wish: str, now: datetime, expected: datetime | None) -> None:
    assert mail_time(NoticeWish(mail=wish, time_zone="Asia/Seoul"), now) == expected


def test_what_was_read_in_the_app_is_not_mailed(cast: Cast) -> None:
    set_wish(by=cast.bob, mail="daily")
    tell_bob(cast, "First")
    call(cast.bob, "post", "notices/read", {})
    assert not Notice.objects.filter(mail_at__isnull=False).exists()


def test_a_mail_that_the_server_does_not_take_is_tried_again_for_a_day(cast: Cast, monkeypatch: Any) -> None:
    set_wish(by=cast.bob, mail="at_once")
    tell_bob(cast, "First")
    minute_later(cast.bob)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert mailing.mail_to(cast.bob.pk) == 0
    assert Notice.objects.get().mail_at is not None
    Notice.objects.update(created_at=timezone.now() - timedelta(days=2))
    mailing.mail_to(cast.bob.pk)
    assert Notice.objects.get().mail_at is None


def refuse(*args: Any, **kwargs: Any) -> None:
    raise OSError("connection refused")


def test_the_link_in_a_mail_ends_them_without_signing_in(cast: Cast) -> None:
    set_wish(by=cast.bob, mail="at_once")
    tell_bob(cast, "First")
    link = mailing.stop_link(cast.bob)
    assert link.startswith("https://halfday.example/notices/stop#")
    assert call(None, "post", "notices/stop", {"token": unquote(link.partition("#")[2])}).status_code == 204
    assert NoticeWish.objects.get().mail == "none"
    assert Notice.objects.get().mail_at is None
    assert_problem(call(None, "post", "notices/stop", {"token": "1:made:up"}), 404)
