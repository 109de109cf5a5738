"""API tokens: the keys of scripts."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, selectors, services
from accounts.models import ApiToken, TokenRole
from accounts.problems import validated


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    role = serializers.ChoiceField(
        choices=TokenRole.choices, allow_blank=True, help_text="Empty: all that its maker may"
    )
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True, help_text="Null: never")

    class Meta:
        model = ApiToken
        fields = ["id", "name", "project", "role", "created_at", "expires_at", "last_used_at"]


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(help_text="Shown this once; stored hashed")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class TokenInSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    project = serializers.IntegerField(allow_null=True, default=None, help_text="Null (administrators): every project")
    role = serializers.ChoiceField(choices=TokenRole.choices, allow_null=True, default=None)
    days = serializers.IntegerField(
        min_value=1,
        max_value=3650,
        allow_null=True,
        default=services.TOKEN_DAYS,
        help_text="Until it ends; null, which must be said: never",
    )


@extend_schema(operation_id="list_tokens", tags=["accounts"], responses=TokenSerializer(many=True))
def list_tokens(request: Request) -> Response:
    """Your tokens."""
    access.check_person(request.user)
    return Response(TokenSerializer(selectors.tokens_of(request.user), many=True).data)


@extend_schema(
    operation_id="create_token", tags=["accounts"], request=TokenInSerializer, responses={201: NewTokenSerializer}
)
def create_token(request: Request) -> Response:
    """Make a token, held to a project and a role. The token itself is in this answer and nowhere else."""
    access.check_person(request.user)
    given = validated(TokenInSerializer, request.data)
    project = access.project_for(request.user, given["project"]) if given["project"] else None
    new = services.create_token(
        name=given["name"], project=project, role=given["role"], days=given["days"], by=request.user
    )
    answer = TokenSerializer(new.row).data | {"token": new.token}
    return Response(answer, status=201, headers={"Cache-Control": "no-store"})


@extend_schema(operation_id="delete_token", tags=["accounts"], responses={204: None})
def delete_token(request: Request, token_id: int) -> Response:
    """Take back a token of yours, or, as owner, any of the project's."""
    access.check_person(request.user)
    services.delete_token(token=selectors.token_for(request.user, token_id), by=request.user)
    return Response(status=204)
