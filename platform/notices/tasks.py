"""The two Celery tasks: the broker carries an id and nothing else, and what is to do is read from its row."""

from celery import shared_task

from notices import mailing
from notices.webhooks import delivering


@shared_task(name="notices.mail")
def send_mail_to(user_id: int) -> None:
    mailing.mail_to(user_id)


@shared_task(name="notices.deliver")
def deliver_one(delivery_id: int) -> None:
    delivering.deliver(delivery_id)
