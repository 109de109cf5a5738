"""A project's webhooks over HTTP. Managers and above see and change them."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.api.people import PersonSerializer
from accounts.models import Role
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from notices import selectors
from notices.events import EVENTS
from notices.models import Delivery, DeliveryTry, Webhook
from notices.webhooks import services

NOT_KEPT = {"Cache-Control": "no-store"}


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS))
    created_by = PersonSerializer(allow_null=True)
    earlier_until = serializers.DateTimeField(allow_null=True, help_text="Until when the earlier secret signs too")

    class Meta:
        model = Webhook
        fields = ["id", "project", "url", "events", "active", "earlier_until", "created_by", "created_at"]


class WebhookSecretSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="Signs what is sent; shown this once")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookInSerializer(serializers.Serializer):
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=len(EVENTS))


class WebhookChangeSerializer(serializers.Serializer):
    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=len(EVENTS), required=False)
    active = serializers.BooleanField(required=False)


class DeliveryTrySerializer(serializers.ModelSerializer[DeliveryTry]):
    class Meta:
        model = DeliveryTry
        fields = ["at", "status", "milliseconds", "answer", "error"]


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    tries = DeliveryTrySerializer(many=True)

    class Meta:
        model = Delivery
        fields = ["id", "webhook", "event_id", "event", "state", "body", "next_at", "created_at", "tries"]


def webhook_for(request: Request, webhook_id: int) -> Webhook:
    return access.one_of(request.user, selectors.webhooks(), webhook_id, at_least=Role.MANAGER)


@extend_schema(operation_id="list_webhooks", tags=["notices"], responses=WebhookSerializer(many=True))
def list_webhooks(request: Request, project_id: int) -> Response:
    """The project's webhooks. Managers and above."""
    project = access.project_for(request.user, project_id, Role.MANAGER)
    return Response(WebhookSerializer(selectors.webhooks_of(project), many=True).data)


@extend_schema(
    operation_id="create_webhook",
    tags=["notices"],
    request=WebhookInSerializer,
    responses={201: WebhookSecretSerializer},
)
def create_webhook(request: Request, project_id: int) -> Response:
    """Have events sent to an address; the answer alone shows the secret. Managers and above."""
    project = access.project_for(request.user, project_id, Role.MANAGER)
    new = services.create_webhook(project=project, by=request.user, **validated(WebhookInSerializer, request.data))
    return secret_answer(new, 201)


def secret_answer(new: services.NewSecret, status: int) -> Response:
    shown = WebhookSerializer(new.row).data | {"secret": new.secret}
    return Response(shown, status=status, headers=NOT_KEPT)


@extend_schema(
    operation_id="change_webhook", tags=["notices"], request=WebhookChangeSerializer, responses=WebhookSerializer
)
def change_webhook(request: Request, webhook_id: int) -> Response:
    """Set address, events, or whether anything is sent."""
    row = webhook_for(request, webhook_id)
    given = validated(WebhookChangeSerializer, request.data, partial=True)
    return Response(WebhookSerializer(services.change_webhook(row=row, by=request.user, **given)).data)


@extend_schema(operation_id="delete_webhook", tags=["notices"], responses={204: None})
def delete_webhook(request: Request, webhook_id: int) -> Response:
    """Delete the webhook with its log."""
    services.delete_webhook(row=webhook_for(request, webhook_id), by=request.user)
    return Response(status=204)


@extend_schema(operation_id="rotate_webhook_secret", tags=["notices"], request=None, responses=WebhookSecretSerializer)
def rotate_webhook_secret(request: Request, webhook_id: int) -> Response:
    """A new secret, shown this once; the earlier one signs too for a day."""
    return secret_answer(services.rotate_secret(row=webhook_for(request, webhook_id), by=request.user), 200)


@extend_schema(operation_id="ping_webhook", tags=["notices"], request=None, responses={202: DeliverySerializer})
def ping_webhook(request: Request, webhook_id: int) -> Response:
    """Send an event that says nothing."""
    delivery = services.send_ping(row=webhook_for(request, webhook_id), by=request.user)
    return Response(DeliverySerializer(delivery).data, status=202)


@extend_schema(
    operation_id="list_deliveries",
    tags=["notices"],
    parameters=PAGE_PARAMETERS,
    responses=page_shape(DeliverySerializer),
)
def list_deliveries(request: Request, webhook_id: int) -> Response:
    """What was sent to the webhook in the last month, newest first, with every try."""
    row = webhook_for(request, webhook_id)
    rows, following = newest_first(selectors.deliveries().filter(webhook=row), page_request(request))
    return Response({"items": DeliverySerializer(rows, many=True).data, "next": following})


@extend_schema(operation_id="resend_delivery", tags=["notices"], request=None, responses={202: DeliverySerializer})
def resend_delivery(request: Request, delivery_id: int) -> Response:
    """Send it once more."""
    rows = selectors.deliveries()
    row = access.one_of(request.user, rows, delivery_id, through="webhook.project_id", at_least=Role.MANAGER)
    return Response(DeliverySerializer(services.resend(delivery=row, by=request.user)).data, status=202)
