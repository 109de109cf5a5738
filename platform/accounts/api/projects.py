"""Projects, their members and their audit trail."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, selectors, services
from accounts.api.people import PersonSerializer
from accounts.models import EVERY_ROOT, AuditLine, Member, Project, Role, User
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated


class ProjectSerializer(serializers.ModelSerializer[Project]):
    role = serializers.ChoiceField(choices=Role.choices, help_text="What you are in it")
    datasets = serializers.IntegerField(help_text="How many datasets it has")

    class Meta:
        model = Project
        fields = ["id", "name", "slug", "role", "created_at", "datasets"]


class ProjectInSerializer(serializers.ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ["name"]


class MemberUserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "name"]


class MemberSerializer(serializers.ModelSerializer[Member]):
    user = MemberUserSerializer()

    class Meta:
        model = Member
        fields = ["id", "user", "role"]


class MemberChangeSerializer(serializers.Serializer):
    role = serializers.ChoiceField(choices=Role.choices)


class ImportRootsSerializer(serializers.Serializer):
    granted = serializers.ListField(child=serializers.CharField(), help_text="What the project may import from")
    every = serializers.BooleanField(help_text="Whether it has all, those too that are configured later")
    configured = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="What could be granted; null but for administrators"
    )


class ImportRootsInSerializer(serializers.Serializer):
    granted = serializers.ListField(
        child=serializers.CharField(max_length=1000), max_length=200, help_text=f"“{EVERY_ROOT}” stands for all"
    )

    def validate_granted(self, roots: list[str]) -> list[str]:
        known = {EVERY_ROOT, *selectors.configured_roots()}
        if unknown := [root for root in roots if root not in known]:
            raise serializers.ValidationError(f"{unknown[0]} is not among HALFDAY_IMPORT_ROOTS.")
        return roots


class AuditLineSerializer(serializers.ModelSerializer[AuditLine]):
    actor = PersonSerializer(allow_null=True)
    data = serializers.DictField()

    class Meta:
        model = AuditLine
        fields = ["id", "at", "actor", "action", "target", "data"]


@extend_schema(operation_id="list_projects", tags=["accounts"], responses=ProjectSerializer(many=True))
def list_projects(request: Request) -> Response:
    """The projects that you are in."""
    return Response(ProjectSerializer(selectors.projects_of(request.user), many=True).data)


@extend_schema(
    operation_id="create_project", tags=["accounts"], request=ProjectInSerializer, responses={201: ProjectSerializer}
)
def create_project(request: Request) -> Response:
    """Make a project; you own it."""
    access.check_person(request.user)
    project = services.create_project(**validated(ProjectInSerializer, request.data), by=request.user)
    return Response(ProjectSerializer(selectors.described_project(project, request.user)).data, status=201)


@extend_schema(operation_id="get_project", tags=["accounts"], responses=ProjectSerializer)
def get_project(request: Request, project_id: int) -> Response:
    project = access.project_for(request.user, project_id)
    return Response(ProjectSerializer(selectors.described_project(project, request.user)).data)


@extend_schema(
    operation_id="change_project", tags=["accounts"], request=ProjectInSerializer, responses=ProjectSerializer
)
def change_project(request: Request, project_id: int) -> Response:
    project = access.project_for(request.user, project_id, Role.OWNER)
    given = validated(ProjectInSerializer, request.data)
    services.rename_project(project=project, name=given["name"], by=request.user)
    return Response(ProjectSerializer(selectors.described_project(project, request.user)).data)


@extend_schema(operation_id="list_members", tags=["accounts"], responses=MemberSerializer(many=True))
def list_members(request: Request, project_id: int) -> Response:
    project = access.project_for(request.user, project_id)
    return Response(MemberSerializer(selectors.members_of(project), many=True).data)


@extend_schema(
    operation_id="change_member", tags=["accounts"], request=MemberChangeSerializer, responses=MemberSerializer
)
def change_member(request: Request, member_id: int) -> Response:
    member = access.one_of(request.user, selectors.members(), member_id, at_least=Role.OWNER)
    given = validated(MemberChangeSerializer, request.data)
    return Response(
        MemberSerializer(services.change_role(member=member, role=Role(given["role"]), by=request.user)).data
    )


@extend_schema(operation_id="remove_member", tags=["accounts"], responses={204: None})
def remove_member(request: Request, member_id: int) -> Response:
    member = access.one_of(request.user, selectors.members(), member_id)
    services.remove_member(member=member, by=request.user)
    return Response(status=204)


@extend_schema(
    operation_id="list_audit", tags=["accounts"], parameters=PAGE_PARAMETERS, responses=page_shape(AuditLineSerializer)
)
def list_audit(request: Request, project_id: int) -> Response:
    """Who did what, newest first."""
    project = access.project_for(request.user, project_id, Role.MANAGER)
    items, following = newest_first(selectors.audit_of(project), page_request(request))
    return Response({"items": AuditLineSerializer(items, many=True).data, "next": following})


@extend_schema(operation_id="get_import_roots", tags=["accounts"], responses=ImportRootsSerializer)
def get_import_roots(request: Request, project_id: int) -> Response:
    """Which server folders and S3 prefixes may be imported into the project."""
    return Response(import_roots(request, access.project_for(request.user, project_id, Role.MANAGER)))


@extend_schema(
    operation_id="grant_import_roots",
    tags=["accounts"],
    request=ImportRootsInSerializer,
    responses=ImportRootsSerializer,
)
def grant_import_roots(request: Request, project_id: int) -> Response:
    """Say which of the configured import roots the project may import from. Administrators only."""
    project = access.project_for(request.user, project_id)
    access.check_administrator(request.user)
    given = validated(ImportRootsInSerializer, request.data)
    return Response(
        import_roots(request, services.grant_roots(project=project, roots=given["granted"], by=request.user))
    )


def import_roots(request: Request, project: Project) -> dict[str, list[str] | bool | None]:
    configured = selectors.configured_roots()
    granted = [root for root in configured if project.may_import_from(root)]
    return {
        "granted": granted,
        "every": EVERY_ROOT in project.import_roots,
        "configured": configured if access.is_administrator(request.user) else None,
    }
