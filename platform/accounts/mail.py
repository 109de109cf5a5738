"""Mail, where a server for it is configured (HALFDAY_SMTP_HOST)."""

from http import HTTPStatus
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from accounts.models import Invitation
from accounts.problems import UndoneAfterwards

SUBJECT = {"en": "Invitation to {project} on Halfday", "ko": "Halfday의 {project} 프로젝트 초대"}
TEXT = {
    "en": """{by} invites you to the project {project} on Halfday.

Open this link to take the invitation up and to choose a password, if you have no account yet:
{link}

The link is for you alone, works once, and ends on {day}. If you do not know what this is about, do nothing.
""",
    "ko": """{by} 님이 Halfday의 {project} 프로젝트에 초대했습니다.

아래 링크를 열어 초대를 수락하세요. 아직 계정이 없으면 비밀번호를 정하게 됩니다.
{link}

링크는 받는 분만 한 번 쓸 수 있고 {day}까지 유효합니다. 모르는 내용이라면 무시하셔도 됩니다.
""",
}


class MailFailed(UndoneAfterwards):
    """The mail server did not take it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


def send_invitation(row: Invitation, link: str) -> bool:
    """Mail the link to whom it is for, in the language of who invites; False where no mail is set up.

    It goes out when the invitation is saved for good: at once, or with the transaction around. Raises MailFailed, then.
    The link is not shown instead: the mail may have arrived all the same.
    """
    if not settings.EMAIL_HOST:
        return False
    transaction.on_commit(lambda: deliver(row, link))
    return True


def deliver(row: Invitation, link: str) -> None:
    language = row.invited_by.language if row.invited_by else "en"
    words = {"by": row.invited_by, "project": row.project, "link": link, "day": row.expires_at.date()}
    subject = " ".join(SUBJECT[language].format(**words).split())
    try:
        send_mail(subject, TEXT[language].format(**words), None, [row.email])
    except (OSError, SMTPException) as error:
        raise MailFailed(
            f"The mail server did not take the mail: {error}. An administrator can mend it; then invite again."
        ) from error
