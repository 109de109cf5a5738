"""People, projects, members and roles, API tokens, audit trail."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken


class Role(models.TextChoices):
    """What a member may do, strongest first. Each role includes the ones below it."""

    OWNER = "owner"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    LABELLER = "labeller"
    VIEWER = "viewer"


ROLE_RANK = {Role.VIEWER: 0, Role.LABELLER: 1, Role.REVIEWER: 2, Role.MANAGER: 3, Role.OWNER: 4}
PREDICT = "predict"
EVERY_ROOT = "*"


class TokenRole(models.TextChoices):
    """What a token may at most: a member's role, or to have images predicted and nothing else."""

    OWNER = "owner"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    LABELLER = "labeller"
    VIEWER = "viewer"
    PREDICT = PREDICT


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail; Django's admin commands need these two names."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # knox is untyped
    """A person. Signs in with an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("ko", "한국어")], default="en")
    theme = models.CharField(
        max_length=6, choices=[("dark", "Dark"), ("light", "Light"), ("system", "System")], default="dark"
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    totp_secret = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)  # or none
    # Who this is at the OpenID provider: "issuer subject", once they have come from there.
    openid = models.CharField(max_length=600, null=True, blank=True, unique=True, editable=False)

    # The token of this request, where a script calls; accounts.authentication sets it, accounts.access reads it.
    token: "ApiToken | None" = None

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def has_second_factor(self) -> bool:
        return bool(self.totp_secret)


class Project(models.Model):  # type: ignore[django-manager-missing]  # knox is untyped
    """The unit of tenancy: outside it, everything in it does not exist."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Of the configured import roots those that an administrator lets it import from; EVERY_ROOT stands for all.
    import_roots = models.JSONField(default=list, blank=True, db_default=Value([], models.JSONField()))

    def __str__(self) -> str:
        return self.name

    def may_import_from(self, root: str) -> bool:
        """Whether the configured root is granted to it."""
        return EVERY_ROOT in self.import_roots or root in self.import_roots


class Member(models.Model):
    """A person's role in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} of {self.project}"


class ApiToken(AbstractAuthToken):
    """A script's key, stored hashed (knox). Scoped to one project and a role, or, for an administrator, to neither."""

    id = models.BigAutoField(primary_key=True)  # knox has the digest here; an address must not show it
    digest = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=120)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")
    role = models.CharField(max_length=8, choices=TokenRole.choices, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)  # to the minute

    objects: "ClassVar[models.Manager[ApiToken]]" = models.Manager()

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """An offer of a role to whoever an address belongs to; only who has the secret of its link can take it up.

    The secret is stored hashed. A row goes when the invitation is withdrawn, or replaced by a new one to the address.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "email"], condition=models.Q(accepted_at=None), name="invitation_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.project}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()


class AuditLine(models.Model):
    """Who did what to what, and when. Only ever added."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="audit_lines")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="audit_by_project")]


class IdempotencyKey(models.Model):
    """The answer once given to an unsafe call, given again when the call is repeated with the same key.

    `caller` is a hash of who calls (person or token); no status means that the first call is still at work.
    """

    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    asked = models.JSONField(default=list, db_default=Value([], models.JSONField()))  # accounts.asked's questions
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]
