"""Settings of the platform. Every value that differs between machines is an environment variable,
read here and nowhere else; docs/configuration.md lists them."""

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.urls import reverse_lazy

from storage import limits

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("HALFDAY_HOME", ROOT / ".halfday")).resolve()


def env_flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on."""
    value = os.environ.get(name)
    return default if value is None else value.lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key() -> str:
    """SECRET_KEY, or one made on first use and kept in HALFDAY_HOME with mode 0600."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = HOME / "secret-key"
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


def database_from_url(url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/name, or ?host=/socket/folder for a unix socket."""
    parsed = urlparse(url)
    query = dict(pair.split("=", 1) for pair in parsed.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parsed.path.lstrip("/")) or "halfday",
        "USER": unquote(parsed.username or ""),
        "PASSWORD": unquote(parsed.password or ""),
        "HOST": unquote(query.get("host", parsed.hostname or "")),
        "PORT": str(query.get("port", parsed.port or "")),
        "CONN_MAX_AGE": int(os.environ.get("DATABASE_CONN_MAX_AGE", "60")),
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = secret_key()
DEBUG = env_flag("HALFDAY_DEBUG")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# What stands before the links in mails that no request leads to; without it they have none.
PUBLIC_URL = (os.environ.get("HALFDAY_PUBLIC_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "jobs",
    "notices",
    "dataset",
    "curate",
    "label",
    "model",
]

MIDDLEWARE = [
    "config.security_headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",  # nosniff, Referrer-Policy, Cross-Origin-Opener-Policy, HSTS
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storage.room.RoomMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "postgresql:///halfday"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "/login"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"  # a grid asks for hundreds of thumbnails
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_flag("HALFDAY_HTTPS")
# Networks of proxies whose X-Forwarded-For is believed; of anybody else's it would be a way around the limits.
TRUSTED_PROXIES = env_list("HALFDAY_TRUSTED_PROXIES")
SECURE_HSTS_SECONDS = 30 * 86400 if env_flag("HALFDAY_HTTPS") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("HALFDAY_HTTPS") else None

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FRONTEND_DIST = Path(os.environ.get("HALFDAY_FRONTEND_DIST", HOME / "frontend" / "dist"))
WHITENOISE_USE_FINDERS = True  # the admin's and the API docs' files come straight from their packages
WHITENOISE_ROOT = FRONTEND_DIST if FRONTEND_DIST.is_dir() else None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.\w+$"  # the build puts a hash of their content into the names

# OpenID Connect (accounts/openid.py, by mozilla-django-oidc, whose names these are); without an issuer nothing of it is
# loaded.
OIDC_ISSUER = os.environ.get("HALFDAY_OIDC_ISSUER", "")
OIDC_NAME = os.environ.get("HALFDAY_OIDC_NAME", "OpenID")
OIDC_RP_CLIENT_ID = os.environ.get("HALFDAY_OIDC_CLIENT_ID", "")
OIDC_RP_CLIENT_SECRET = os.environ.get("HALFDAY_OIDC_CLIENT_SECRET", "")
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    *(["accounts.openid.Backend"] if OIDC_ISSUER else []),
]
OIDC_RP_SIGN_ALGO = os.environ.get("HALFDAY_OIDC_ALGORITHM", "RS256")
OIDC_RP_SCOPES = "openid email profile"
OIDC_CREATE = env_flag("HALFDAY_OIDC_CREATE")
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10  # seconds
OIDC_REDIRECT_REQUIRE_HTTPS = env_flag("HALFDAY_HTTPS")
EMAIL_HOST = os.environ.get("HALFDAY_SMTP_HOST", "")  # without it nothing is mailed, and links are shown instead
EMAIL_PORT = int(os.environ.get("HALFDAY_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("HALFDAY_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HALFDAY_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env_flag("HALFDAY_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("HALFDAY_MAIL_FROM", "halfday@localhost")

# Hosts and networks inside that webhooks may be sent to; anything else inside is refused (notices/webhooks/guard.py).
WEBHOOK_ALLOW = env_list("HALFDAY_WEBHOOK_ALLOW")

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
# What is kept is pickled and outlives a restart: where a class moves or gets another name, VERSION rises, so that a
# newer program never meets what an older one left.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "VERSION": 3},
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the Job row, not the broker, decides what is run again
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True  # a job must not wait behind a busy worker while another one idles
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2}
CELERY_TASK_DEFAULT_QUEUE = "cpu"

# Bytes: images, thumbnails, arrays, checkpoints; in this folder, or where a bucket is named in S3.
# The credentials are those of AWS: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or whatever else boto3 finds.
STORAGE_ROOT = Path(os.environ.get("HALFDAY_STORAGE", HOME / "storage"))
S3_BUCKET = os.environ.get("HALFDAY_S3_BUCKET", "")
S3_PREFIX = os.environ.get("HALFDAY_S3_PREFIX", "")
S3_ENDPOINT = os.environ.get("HALFDAY_S3_ENDPOINT", "")
S3_REGION = os.environ.get("HALFDAY_S3_REGION", "")
S3_PUBLIC_ENDPOINT = os.environ.get("HALFDAY_S3_PUBLIC_ENDPOINT", "")  # how browsers reach it, where that differs
S3_REDIRECT = env_flag("HALFDAY_S3_REDIRECT", default=True)
S3_URL_SECONDS = int(os.environ.get("HALFDAY_S3_URL_SECONDS", str(12 * 3600)))
CACHE_ROOT = HOME / "cache" / "storage"  # local copies of what lies in S3
CACHE_BYTES = int(os.environ.get("HALFDAY_CACHE_BYTES", str(50 * 1024**3)))
# Server folders and S3 prefixes that may be imported; the platform refuses any other.
ROOTS = env_list("HALFDAY_IMPORT_ROOTS", str(HOME / "import"))
IMPORT_ROOTS = [Path(root) for root in ROOTS if not root.startswith("s3://")]
IMPORT_PREFIXES = [root for root in ROOTS if root.startswith("s3://")]
UPLOAD_QUOTA_BYTES = int(os.environ.get("HALFDAY_UPLOAD_QUOTA_BYTES", str(100 * 1024**3)))  # a project's unfinished
MAX_IMAGE_PIXELS = limits.MAX_IMAGE_PIXELS
MAX_UPLOAD_BYTES = limits.MAX_UPLOAD_BYTES
QUERY_BUDGET_SECONDS = float(os.environ.get("HALFDAY_QUERY_BUDGET", "5"))  # of one statement of a grid's read; 0: any
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = os.environ.get("HALFDAY_UPLOAD_TEMP") or None
# What the conversion of weights that somebody brings may take (model/engines/confinement.py).
CONVERSION_MEMORY_BYTES = int(os.environ.get("HALFDAY_CONVERSION_MEMORY_BYTES", str(4 * 1024**3)))
CONVERSION_SECONDS = float(os.environ.get("HALFDAY_CONVERSION_SECONDS", "300"))
CONVERSION_PARAMETERS = int(os.environ.get("HALFDAY_CONVERSION_PARAMETERS", "500000000"))
# The process that answers for endpoints (model/serving/server.py): unix:/path/to.sock on one machine, host:port else.
SERVE_ADDRESS = os.environ.get("HALFDAY_SERVE", "")
SERVE_SECRET = "" if SERVE_ADDRESS.startswith("unix:") else hashlib.sha256(f"serve {SECRET_KEY}".encode()).hexdigest()
EXPORT_DAYS = int(os.environ.get("HALFDAY_EXPORT_DAYS", "7"))  # after which an export's archive is removed

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "accounts.authentication.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "accounts.parsing.KeptJsonParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "accounts.schema.OperationSchema",
    "EXCEPTION_HANDLER": "accounts.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
REST_KNOX = {
    "TOKEN_TTL": None,
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_MODEL": "accounts.ApiToken",
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"
MIGRATION_MODULES = {"knox": None}  # its only table is replaced by ours; its migrations would make it all the same
SPECTACULAR_SETTINGS = {
    "TITLE": "Halfday",
    "DESCRIPTION": "Find what your detector gets wrong, fix the data, retrain, and prove the gain.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Role": "accounts.models.Role",
        "TokenRole": "accounts.models.TokenRole",
        "JobState": "jobs.models.Job.State",
        "ImportFormat": "dataset.importing.types.FORMATS",
        "ExportFormat": "dataset.exporting.types.FORMATS",
        "RevisionKind": "dataset.models.Revision.Kind",
        "PredictionSetKind": "dataset.models.PredictionSet.Kind",
        "AttributeKind": "dataset.attribute_rules.KINDS",
        "AutoCurateKind": "curate.models.AutoCurate.Kind",
        "SuggestionKind": "curate.models.Suggestion.Kind",
        "SuggestionVerdict": "curate.models.Suggestion.Verdict",
        "MatchVerdict": "curate.models.Match.Verdict",
        "GateVerdict": "model.gate.api.VERDICTS",
        "DeploymentKind": "model.models.Deployment.Kind",
        "EndpointState": "model.endpoints.shapes.STATES",
        "GateFigure": "science.evaluation.gate.FIGURES",
        "FormKind": "model.models.ExportedForm.Form",
        "FormPrecision": "model.models.ExportedForm.Precision",
        "GainVerdict": [("proven", "proven"), ("not_shown", "not_shown"), ("regressed", "regressed")],
        "BatchState": "label.models.Batch.State",
        "TaskState": "label.models.Task.State",
        "IssueKind": "label.review_models.Issue.Kind",
        "IssueState": "label.review_models.Issue.State",
        "ReviewVerdict": "label.review_models.ReviewRound.Verdict",
        "WorkKind": "label.api.work.KINDS",
        "CheckpointKind": "model.models.Checkpoint.Kind",
        "StartingWeights": "model.models.Run.Weights",
        "LedgerSliceRole": "curate.ledger.shapes.SLICE_ROLES",
        "LedgerRunRole": "curate.ledger.shapes.RUN_ROLES",
        "LedgerStageName": "curate.ledger.times.STAGES",
        "LoopStageName": "curate.improve.api.STAGE_NAMES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.schema.add_problems",
        "accounts.schema.add_summaries",
    ],
}


def admin_link(title: str, icon: str, table: str) -> dict[str, object]:
    """An entry of the admin console's sidebar."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{table}_changelist")}


UNFOLD = {
    "SITE_TITLE": "Halfday",
    "SITE_HEADER": "Halfday",
    "SITE_SUBHEADER": "Administration",
    "SITE_URL": "/",
    "SITE_SYMBOL": "tune",
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "4px",
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "title": "People",
                "items": [
                    admin_link("People", "person", "accounts_user"),
                    admin_link("Projects", "folder", "accounts_project"),
                    admin_link("Invitations", "mail", "accounts_invitation"),
                    admin_link("API tokens", "key", "accounts_apitoken"),
                    admin_link("Audit trail", "history", "accounts_auditline"),
                ],
            },
            {
                "title": "Data",
                "items": [
                    admin_link("Datasets", "photo_library", "dataset_dataset"),
                    admin_link("Revisions", "commit", "dataset_revision"),
                    admin_link("Slices", "crop", "dataset_slice"),
                ],
            },
            {
                "title": "Label",
                "items": [
                    admin_link("Batches", "inventory_2", "label_batch"),
                    admin_link("Tasks", "polyline", "label_task"),
                ],
            },
            {"title": "Work", "items": [admin_link("Jobs", "work_history", "jobs_job")]},
        ],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("HALFDAY_LOG_LEVEL", "INFO")},
}
