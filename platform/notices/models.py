"""News for people and for other programs: notices, and what webhooks carry."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Project


class NoticeWish(models.Model):
    """How a person wants to hear. Without a row: in the app alone, and days end as in UTC."""

    class Mail(models.TextChoices):
        NONE = "none"
        AT_ONCE = "at_once"
        DAILY = "daily"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_wish")
    mail = models.CharField(max_length=7, choices=Mail.choices, default=Mail.NONE)
    time_zone = models.CharField(max_length=64, default="UTC")  # as the browser names it: Asia/Seoul


class Notice(models.Model):
    """A line for one person. `kind` and `names` say it in their language; see `words`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    names = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=120, blank=True)  # said once in a person's life: "due_tomorrow 3 2026-12-04"
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)  # when it is to go by mail; null: not, or it has gone

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], condition=~models.Q(once=""), name="notice_once")
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_by_person"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["mail_at"], condition=models.Q(mail_at__isnull=False), name="notice_to_mail"),
        ]


class Webhook(models.Model):
    """An address of another program that is told of a project's events."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)  # names of `events.EVENTS`
    active = models.BooleanField(default=True)
    secret = models.CharField(max_length=80)
    earlier_secret = models.CharField(max_length=80, blank=True)  # also signs until …
    earlier_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """An event on its way to a webhook.

        waiting ──claim, 2xx──→ delivered
           │ └──anything else──→ waiting (later)
           └──a day after it happened──→ given_up

    A claim sets `next_at` into the future, so that one that its worker died with is tried again.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(default=uuid.uuid4)
    event = models.CharField(max_length=40)
    body = models.TextField()  # the bytes that are signed, as text
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField()  # from when the day counts: a resend begins anew

    class Meta:
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_by_webhook"),
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="delivery_waiting"),
        ]


class DeliveryTry(models.Model):
    """What came of one request."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(auto_now_add=True)
    status = models.PositiveSmallIntegerField(null=True)  # of HTTP; null: no answer
    milliseconds = models.FloatField()
    answer = models.TextField(blank=True)  # its first bytes
    error = models.CharField(max_length=300, blank=True)
