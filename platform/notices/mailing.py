"""Notices by mail: those that are due go together, in the person's language, with a link that ends the mails."""

import logging
from datetime import timedelta
from smtplib import SMTPException
from urllib.parse import quote

import redis
from celery import current_app
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from accounts import audit
from accounts.models import User
from notices.models import Notice, NoticeWish
from notices.words import sentence

logger = logging.getLogger(__name__)
SALT = "notices.stop"
AGAIN = timedelta(minutes=10)  # after which a mail that the server did not take is tried again
GIVEN_UP = timedelta(days=1)
MOST = 100  # lines of a mail
LONGEST_SUBJECT = 150  # characters
SEVERAL = {"en": "Halfday: {count} notices", "ko": "Halfday: 알림 {count}건"}
END = {
    "en": "You get this because your settings say so. To get no more of these mails: {place}",
    "ko": "알림 설정에 따라 보낸 메일입니다. 더 받지 않으려면 다음 주소를 여세요. {place}",
}
PLACE = {"en": "Notices, By mail", "ko": "알림, 메일로 받기"}


def is_set_up() -> bool:
    return bool(settings.EMAIL_HOST)


def send_due() -> None:
    """Hand those to the workers to whom something is to be mailed; the clock calls this."""
    if not is_set_up():
        return
    for user_id in Notice.objects.filter(mail_at__lte=Now()).values_list("user_id", flat=True).distinct()[:100]:
        try:
            current_app.send_task("notices.mail", (user_id,), queue="cpu", retry=False)
        except (BrokerError, redis.RedisError) as error:
            logger.warning("Mails wait: the broker does not answer: %s", error)
            return
        # Not again while it waits for a worker.
        Notice.objects.filter(user=user_id, mail_at__lte=Now()).update(mail_at=Now() + AGAIN)


def mail_to(user_id: int) -> int:
    """Mail the person what is due; returns how many lines. Safe to run twice."""
    with transaction.atomic():
        rows = Notice.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user")
        due = list(rows.filter(user=user_id, mail_at__lte=timezone.now() + AGAIN).order_by("pk")[:MOST])
        if not due:
            return 0
        here = [row.pk for row in due]
        try:
            message_of(due[0].user, due).send()
        except (OSError, SMTPException) as error:
            logger.warning("The mail server did not take notices for person %s: %s", user_id, error)
            Notice.objects.filter(pk__in=here, created_at__lt=Now() - GIVEN_UP).update(mail_at=None)
            return 0
        Notice.objects.filter(pk__in=here).update(mail_at=None)
    return len(due)


def message_of(user: User, rows: list[Notice]) -> EmailMessage:
    language = user.language
    lines = [sentence(row.kind, row.names, language) for row in rows]
    subject = f"Halfday: {lines[0]}" if len(lines) == 1 else SEVERAL[language].format(count=len(lines))
    text = "\n\n".join(_with_link(line, row.link) for line, row in zip(lines, rows, strict=True))
    end = END[language].format(place=stop_link(user) or PLACE[language])
    headers = {"List-Unsubscribe": f"<{stop_link(user)}>"} if settings.PUBLIC_URL else {}
    one_line = " ".join(subject.split())[:LONGEST_SUBJECT]
    return EmailMessage(one_line, f"{text}\n\n-- \n{end}\n", None, [user.email], headers=headers)


def _with_link(line: str, link: str) -> str:
    return f"{line}\n{settings.PUBLIC_URL}{link}" if link and settings.PUBLIC_URL else line


def stop_link(user: User) -> str:
    """Where the person ends these mails without signing in; empty where the platform does not know its address."""
    if not settings.PUBLIC_URL:
        return ""
    return f"{settings.PUBLIC_URL}/notices/stop#{quote(signing.dumps(user.pk, salt=SALT))}"


def person_of(token: str) -> User:
    """Whose mails the link's token ends. Raises Http404 where nobody made it."""
    try:
        user_id = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise Http404
    return user


@transaction.atomic
def end_mails(token: str) -> None:
    """Somebody has followed the link in a mail that ends them; who holds it need not be signed in."""
    user = person_of(token)
    NoticeWish.objects.update_or_create(user=user, defaults={"mail": NoticeWish.Mail.NONE})
    Notice.objects.filter(user=user).update(mail_at=None)
    audit.record(by=user, action="notices.mail", target=user.email, project=None, data={"mail": "none"})
