"""Reads of notices, webhooks and what was delivered."""

from django.db.models import Prefetch, QuerySet

from accounts.models import Project, User
from notices.models import Delivery, DeliveryTry, Notice, NoticeWish, Webhook


def notices_of(user: User) -> QuerySet[Notice]:
    """A person's own, of projects that they are still in."""
    rows = Notice.objects.filter(user=user).select_related("project")
    return rows if user.is_superuser else rows.filter(project__members__user=user)


def wish_of(user: User) -> NoticeWish:
    """How a person wants to hear; the default where they never said."""
    return NoticeWish.objects.filter(user=user).first() or NoticeWish(user=user)


def unread_of(user: User) -> int:
    return notices_of(user).filter(read_at=None).count()


def webhooks() -> QuerySet[Webhook]:
    return Webhook.objects.select_related("project", "created_by")


def webhooks_of(project: Project) -> QuerySet[Webhook]:
    return webhooks().filter(project=project).order_by("pk")


def deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("webhook__project").prefetch_related(
        Prefetch("tries", DeliveryTry.objects.order_by("pk"))
    )
