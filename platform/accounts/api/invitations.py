"""Invitations: how people come into a project."""

from urllib.parse import quote

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, guessing, invitations, mail, selectors, sessions
from accounts.api.people import MeSerializer, PersonSerializer
from accounts.api.projects import MemberSerializer
from accounts.models import Invitation, Role
from accounts.problems import validated

NOT_KEPT = {"Cache-Control": "no-store"}


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    invited_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "invited_by", "created_at", "expires_at"]


class NewInvitationSerializer(InvitationSerializer):
    link = serializers.CharField(allow_null=True, help_text="To pass on; shown this once. Null: it was mailed")

    class Meta(InvitationSerializer.Meta):
        fields = [*InvitationSerializer.Meta.fields, "link"]


class InvitationInSerializer(serializers.Serializer):
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)


class SecretSerializer(serializers.Serializer):
    secret = serializers.CharField(max_length=200, help_text="What stands behind # in the link")


class OfferSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation as its receiver sees it."""

    project = serializers.CharField(source="project.name")
    invited_by = serializers.CharField(allow_null=True, help_text="Who invites, by name")

    class Meta:
        model = Invitation
        fields = ["email", "role", "project", "invited_by", "expires_at"]


class NewAccountSerializer(SecretSerializer):
    name = serializers.CharField(max_length=150, allow_blank=True, default="")
    new = serializers.CharField(max_length=500, trim_whitespace=False, help_text="The password")


@extend_schema(operation_id="list_invitations", tags=["accounts"], responses=InvitationSerializer(many=True))
def list_invitations(request: Request, project_id: int) -> Response:
    """The project's invitations that nobody has taken up yet."""
    project = access.project_for(request.user, project_id, Role.OWNER)
    rows = selectors.invitations().filter(project=project)
    return Response(InvitationSerializer(rows, many=True).data)


@extend_schema(
    operation_id="invite", tags=["accounts"], request=InvitationInSerializer, responses={201: NewInvitationSerializer}
)
def invite(request: Request, project_id: int) -> Response:
    """Invite somebody by e-mail address. Where mail is set up the link goes there, else it is in this answer.

    The answer is the same whether or not the address has an account.
    """
    project = access.project_for(request.user, project_id, Role.OWNER)
    given = validated(InvitationInSerializer, request.data)
    new = invitations.invite(project=project, by=request.user, **given)
    link = request.build_absolute_uri("/invitation") + "#" + quote(new.secret)
    mailed = mail.send_invitation(new.row, link)
    answer = InvitationSerializer(new.row).data | {"link": None if mailed else link}
    return Response(answer, status=201, headers={} if mailed else NOT_KEPT)


@extend_schema(operation_id="withdraw_invitation", tags=["accounts"], responses={204: None})
def withdraw_invitation(request: Request, invitation_id: int) -> Response:
    """The link leads nowhere from now on."""
    row = access.one_of(request.user, selectors.invitations(), invitation_id, at_least=Role.OWNER)
    invitations.withdraw(invitation=row, by=request.user)
    return Response(status=204)


@extend_schema(operation_id="open_invitation", tags=["accounts"], request=SecretSerializer, responses=OfferSerializer)
def open_invitation(request: Request) -> Response:
    """What the link offers. For whoever has it, signed in or not; 404 where it leads nowhere (any more)."""
    SessionAuthentication().enforce_csrf(request)
    row = guarded(request, validated(SecretSerializer, request.data)["secret"])
    return Response(OfferSerializer(row).data)


@extend_schema(
    operation_id="take_up_invitation", tags=["accounts"], request=SecretSerializer, responses={201: MemberSerializer}
)
def take_up_invitation(request: Request) -> Response:
    """Become a member with the account that one is signed in with, which must be the invitation's."""
    access.check_person(request.user)
    secret = validated(SecretSerializer, request.data)["secret"]
    return Response(MemberSerializer(invitations.take_up(secret=secret, by=request.user)).data, status=201)


@extend_schema(
    operation_id="take_up_invitation_with_new_account",
    tags=["accounts"],
    request=NewAccountSerializer,
    responses={201: MeSerializer},
)
def take_up_with_new_account(request: Request) -> Response:
    """Choose a password for the address of the invitation, become a member, and be signed in."""
    SessionAuthentication().enforce_csrf(request)
    given = validated(NewAccountSerializer, request.data)
    guarded(request, given["secret"])
    user = invitations.take_up_with_new_account(secret=given["secret"], name=given["name"], password=given["new"])
    sessions.begin(request._request, user, way="invitation")
    response = Response(MeSerializer(user).data, status=201)
    guessing.remember_browser(response, user)
    return response


def guarded(request: Request, secret: str) -> Invitation:
    """The invitation; trying out secrets is slowed down by address."""
    attempt = guessing.Attempt({f"guess:invitation:{guessing.address_of(request)}": guessing.OF_ONE_ADDRESS})
    attempt.begin()
    row = invitations.invitation_of(secret)
    attempt.succeeded()
    return row
