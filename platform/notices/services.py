"""Telling people, and what they do with what they were told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts import access, audit
from accounts.models import Project, User
from accounts.problems import BadInput
from accounts.values import mended
from jobs.news.telling import tell_of_notices
from notices.models import Notice, NoticeWish
from notices.selectors import wish_of

GATHERED = timedelta(minutes=1)  # in which notices that come together go in one mail
DIGEST_HOUR = 8  # of the person's day
LONGEST_NAME = 200  # characters


@dataclass(frozen=True)
class NewNotice:
    """What is told. `names` fill the sentence of `kind` (see `words`); `once` is said to a person only once, ever."""

    project: Project | int
    kind: str
    names: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    once: str = ""


def tell(new: NewNotice, people: Iterable[int]) -> int:
    """Tell these people (user ids); returns how many were. For other services, which have checked who asks.

    Whoever is not active or has left the project hears nothing. In the caller's transaction.
    """
    wanted = set(people)
    project_id = new.project.pk if isinstance(new.project, Project) else new.project
    heard = User.objects.filter(pk__in=wanted, is_active=True, memberships__project=project_id).order_by("pk")
    administrators = User.objects.filter(pk__in=wanted, is_active=True, is_superuser=True)
    rows = [_notice(new, project_id, user) for user in {*heard, *administrators}]
    before = Notice.objects.filter(user__in=wanted, once=new.once).count() if new.once else 0
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(new.once))
    for row in rows:
        _tell_count(row.user_id)
    return len(rows) - before


def _notice(new: NewNotice, project_id: int, user: User) -> Notice:
    names = {name: value[:LONGEST_NAME] if isinstance(value, str) else value for name, value in new.names.items()}
    return Notice(
        user=user,
        project_id=project_id,
        kind=new.kind,
        names=mended(names),
        link=new.link,
        once=new.once,
        mail_at=mail_time(wish_of(user), timezone.now()),
    )


def mail_time(wish: NoticeWish, now: datetime) -> datetime | None:
    """When something that happens now goes by mail: in a minute, at the next eight in the morning, or never."""
    if wish.mail == NoticeWish.Mail.NONE:
        return None
    if wish.mail == NoticeWish.Mail.AT_ONCE:
        return now + GATHERED
    local = now.astimezone(ZoneInfo(wish.time_zone))
    eight = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return eight if eight > local else eight + timedelta(days=1)


def _tell_count(user_id: int) -> None:
    tell_of_notices(user_id=user_id, unread=Notice.objects.filter(user=user_id, read_at=None).count())


@transaction.atomic
def mark_read(*, by: User, ids: Sequence[int] | None = None) -> int:
    """Mark one's own notices as read, or all of them; returns how many are left unread."""
    access.check_person(by)
    rows = Notice.objects.filter(user=by, read_at=None)
    rows = rows if ids is None else rows.filter(pk__in=ids)
    if rows.update(read_at=Now(), mail_at=None):
        _tell_count(by.pk)
    return Notice.objects.filter(user=by, read_at=None).count()


@transaction.atomic
def set_wish(*, by: User, mail: str | None = None, time_zone: str | None = None) -> NoticeWish:
    """Say how one wants to hear. Raises BadInput for a time zone that nobody knows."""
    access.check_person(by)
    given = {"mail": mail, "time_zone": known_zone(time_zone) if time_zone else None}
    changes = {name: value for name, value in given.items() if value is not None}
    wish, _ = NoticeWish.objects.update_or_create(user=by, defaults=changes)
    if mail is not None:
        audit.record(by=by, action="notices.mail", target=by.email, project=None, data={"mail": mail})
        Notice.objects.filter(user=by, mail_at__isnull=False).update(mail_at=mail_time(wish, timezone.now()))
    return wish


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        detail = f"There is no time zone {name}. Names are such as Asia/Seoul."
        raise BadInput(detail, errors={"time_zone": [detail]}) from error
    return name
