"""The table of contents: every address of the platform."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts import doors
from accounts.endpoints import endpoint
from config.frontend import front_end, gone_asset
from config.health import get_health

handler400 = "accounts.problems.bad_request"
handler404 = "accounts.problems.not_found"
handler500 = "accounts.problems.server_error"

urlpatterns = [
    path("admin/login/", doors.sign_in),
    path("admin/logout/", doors.sign_out),
    path("admin/password_change/", doors.change_password),
    path("admin/", admin.site.urls),
    path("openid/begin", doors.openid_begin),
    path("openid/callback", doors.openid_callback, name="oidc_authentication_callback"),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/v1/health", endpoint(GET=get_health, public=True)),
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("jobs.urls")),
    path("api/v1/", include("notices.urls")),
    path("api/v1/", include("dataset.urls")),
    path("api/v1/", include("curate.urls")),
    path("api/v1/", include("label.urls")),
    path("api/v1/", include("model.urls")),
    path("assets/<path:name>", gone_asset),
    re_path(rf"^(?!api/|admin/|{settings.STATIC_URL.strip('/')}/).*$", front_end),
]
