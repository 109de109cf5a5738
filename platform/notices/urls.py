"""Addresses under /api/v1/."""

from django.urls import path

from accounts.endpoints import endpoint
from notices.api import notices, webhooks

urlpatterns = [
    path("notices", endpoint(GET=notices.list_notices)),
    path("notices/unread", endpoint(GET=notices.count_notices)),
    path("notices/read", endpoint(POST=notices.read_notices)),
    path("notices/wish", endpoint(GET=notices.get_notice_wish, PATCH=notices.change_notice_wish)),
    path("notices/stop", endpoint(POST=notices.stop_notice_mail, public=True)),
    path(
        "projects/<int:project_id>/webhooks",
        endpoint(GET=webhooks.list_webhooks, POST=webhooks.create_webhook, repeatable=False),
    ),
    path("webhooks/<int:webhook_id>", endpoint(PATCH=webhooks.change_webhook, DELETE=webhooks.delete_webhook)),
    path("webhooks/<int:webhook_id>/secret", endpoint(POST=webhooks.rotate_webhook_secret, repeatable=False)),
    path("webhooks/<int:webhook_id>/ping", endpoint(POST=webhooks.ping_webhook)),
    path("webhooks/<int:webhook_id>/deliveries", endpoint(GET=webhooks.list_deliveries)),
    path("deliveries/<int:delivery_id>/resend", endpoint(POST=webhooks.resend_delivery)),
]
