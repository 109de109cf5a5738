"""Deliveries on their way: claimed by one worker, tried with growing waits for a day, each try written down."""

import logging
import random
from datetime import timedelta

import redis
from celery import current_app
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import Member, Role
from accounts.values import mended_text
from notices.models import Delivery, DeliveryTry
from notices.services import NewNotice, tell
from notices.webhooks.guard import AddressRefused, target_of
from notices.webhooks.sending import LONGEST_ERROR, Answered, send
from notices.webhooks.signing import signature_header, valid_secrets

logger = logging.getLogger(__name__)
S = Delivery.State
# Seconds after the first try, the second …; the last for all that follow.
WAITS = [10, 60, 300, 1800, 3600, 2 * 3600, 4 * 3600]
DAY = timedelta(days=1)
CLAIMED = timedelta(minutes=1)  # a claim holds for so long; a request ends sooner
KEPT_FOR = timedelta(days=30)
AT_ONCE = 200  # deliveries handed to the workers in one look


def send_due() -> None:
    """Hand to the workers what is due; the clock calls this. The second to claim one finds nothing to do."""
    due = Delivery.objects.filter(state=S.WAITING, next_at__lte=Now()).order_by("next_at").values_list("pk", flat=True)
    for delivery_id in due[:AT_ONCE]:
        try:
            current_app.send_task("notices.deliver", (delivery_id,), queue="cpu", retry=False, expires=120)
        except (BrokerError, redis.RedisError) as error:
            logger.warning("Webhooks wait: the broker does not answer: %s", error)
            return
        Delivery.objects.filter(pk=delivery_id, state=S.WAITING).update(next_at=Now() + CLAIMED)


def deliver(delivery_id: int) -> None:
    """Try once, unless another worker just does or nothing is left to do."""
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id, state=S.WAITING).first()
    if delivery is None or not _claim(delivery):
        return
    _store(delivery, attempt(delivery))


def _claim(delivery: Delivery) -> bool:
    """Whether it is this worker's: nobody has counted a try since it was read."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=S.WAITING, attempts=delivery.attempts)
    return mine.update(attempts=F("attempts") + 1, next_at=Now() + CLAIMED) == 1


def attempt(delivery: Delivery) -> Answered:
    """One signed request, where the address may be asked at all."""
    body, timestamp = delivery.body.encode(), int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Halfday-Webhooks/1",
        "Halfday-Event": delivery.event,
        "Halfday-Event-Id": str(delivery.event_id),
        "Halfday-Timestamp": str(timestamp),
        "Halfday-Signature": signature_header(valid_secrets(delivery.webhook), timestamp, body),
    }
    try:
        target = target_of(delivery.webhook.url)
    except AddressRefused as error:
        return Answered(None, 0.0, error=str(error)[:LONGEST_ERROR])
    return send(target, body, headers)


@transaction.atomic
def _store(delivery: Delivery, came: Answered) -> None:
    DeliveryTry.objects.create(
        delivery=delivery,
        status=came.status,
        milliseconds=came.milliseconds,
        answer=mended_text(came.answer),
        error=mended_text(came.error),
    )
    mine = Delivery.objects.filter(pk=delivery.pk, state=S.WAITING)
    if came.is_taken:
        mine.update(state=S.DELIVERED)
    elif timezone.now() + (wait := wait_after(delivery.attempts + 1)) < delivery.begun_at + DAY:
        mine.update(next_at=Now() + wait)
    elif mine.update(state=S.GIVEN_UP):
        tell_owners(delivery, came)


def wait_after(tries: int) -> timedelta:
    """How long after so many tries, with up to a tenth more, so that what failed together does not come together."""
    seconds = WAITS[min(tries, len(WAITS)) - 1]
    return timedelta(seconds=seconds * random.uniform(1, 1.1))


def tell_owners(delivery: Delivery, came: Answered) -> None:
    """Nobody took it for a day."""
    hook = delivery.webhook
    owners = Member.objects.filter(project=hook.project_id, role=Role.OWNER).values_list("user_id", flat=True)
    why = came.error or f"HTTP {came.status}"
    names = {"url": hook.url, "event": delivery.event, "why": why}
    link = f"/settings?part=webhooks&project={hook.project_id}"
    tell(NewNotice(hook.project_id, "webhook_given_up", names, link), owners)


def forget_old() -> None:
    """Deliveries of more than a month are no longer listed."""
    Delivery.objects.filter(created_at__lt=Now() - KEPT_FOR).exclude(state=S.WAITING).delete()
