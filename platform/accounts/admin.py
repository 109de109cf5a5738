"""The administration of people, projects, members, tokens, and the audit trail."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from knox.models import get_token_model
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts import audit
from accounts.models import ApiToken, AuditLine, Member, Project, User

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
class PersonAdmin(UserAdmin, ModelAdmin):
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


@admin.register(Project)
class ProjectAdmin(ModelAdmin):
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("created_at",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Project | None = None) -> bool:
        return False  # bulk rows carry no database keys; a project goes through the service, not through here

    def save_model(self, request: HttpRequest, obj: Project, form: object, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(by=request.user, action="admin.project.save", target=obj, project=obj)


@admin.register(get_token_model())
class ApiTokenAdmin(ModelAdmin):
    """Tokens are made by their owners (the token itself is shown once, there); here they can be revoked."""

    list_display = ("name", "user", "project", "role", "created", "expiry")
    list_filter = ("role",)
    search_fields = ("name", "user__email", "project__name")
    fields = readonly_fields = ("name", "user", "project", "role", "created", "expiry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        audit.record(by=request.user, action="admin.token.revoke", target=obj.name, project=obj.project_id)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            self.delete_model(request, token)


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
