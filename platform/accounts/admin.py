"""The administration of people, projects, members, tokens, and the audit trail."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from knox.models import get_token_model
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts import first_start, selectors, sessions
from accounts.admin_audit import AuditedAdmin
from accounts.models import EVERY_ROOT, AuditLine, Invitation, Member, Project, User

admin.site.unregister(Group)  # roles are per project (Member); groups would be a second, silent kind


class PersonCreationForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class MembershipInline(TabularInline):
    model = Member
    extra = 0
    autocomplete_fields = ("user", "project")


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin, ModelAdmin):
    """People. Somebody who has left is made inactive, so that the history keeps its authors."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_superuser", "last_login", "created_at")
    list_filter = ("is_active", "is_superuser", "language")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "created_at")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    actions = ("remove_second_factor",)
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        ("Preferences", {"fields": ("language", "theme")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Times", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple[type[TabularInline], ...]:
        return self.inlines if obj else ()

    def facts(self, obj: Model) -> dict[str, Any]:
        """The rights, so that the trail says who got which."""
        return {name: getattr(obj, name) for name in ("is_active", "is_staff", "is_superuser")}

    @admin.action(description="Remove the second factor, for somebody who has lost it")
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset.exclude(totp_secret=""):
            person.totp_secret = ""
            person.save(update_fields=["totp_secret"])
            self.note(request, "remove_second_factor", person, [])

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """With the password the person's tokens end, as when the person changes it."""
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        answer = super().user_change_password(request, id, form_url)
        person = User.objects.filter(pk=id).first()
        if person is not None and person.password != before:
            sessions.end_tokens(person)
            first_start.renew_token()
        return answer


class ProjectForm(forms.ModelForm):
    """Import roots are chosen among the configured ones."""

    import_roots = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Server folders and S3 prefixes (HALFDAY_IMPORT_ROOTS) that the project may import from.",
    )

    class Meta:
        model = Project
        fields = ("name", "slug", "import_roots")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roots = [*selectors.configured_roots(), *self.instance.import_roots]
        every = (EVERY_ROOT, "every configured root")
        choices = [every, *((root, root) for root in dict.fromkeys(roots) if root != EVERY_ROOT)]
        field = self.fields["import_roots"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


@admin.register(Project)
class ProjectAdmin(AuditedAdmin, ModelAdmin):
    form = ProjectForm
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("created_at",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return False  # bulk rows carry no database keys; a project goes through the service, not through here


@admin.register(Invitation)
class InvitationAdmin(AuditedAdmin, ModelAdmin):
    """Invitations are made by owners (the link is shown once, or mailed, there); here they can be withdrawn."""

    list_display = ("email", "project", "role", "invited_by", "created_at", "expires_at", "accepted_at")
    list_filter = ("role",)
    search_fields = ("email", "project__name")
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(get_token_model())
class ApiTokenAdmin(AuditedAdmin, ModelAdmin):
    """Tokens are made by their owners (the token itself is shown once, there); here they can be revoked."""

    list_display = ("name", "user", "project", "role", "created", "expiry", "last_used_at")
    list_filter = ("role",)
    search_fields = ("name", "user__email", "project__name")
    fields = readonly_fields = ("name", "user", "project", "role", "created", "expiry", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(AuditLine)
class AuditLineAdmin(ModelAdmin):
    """Who did what. Read only."""

    list_display = ("at", "project", "actor", "action", "target")
    list_filter = ("action",)
    list_select_related = ("project", "actor")
    search_fields = ("action", "target", "actor__email")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditLine | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditLine | None = None) -> bool:
        return False
