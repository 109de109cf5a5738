"""The administration has no door of its own: one signs in, out, and changes one's password, at the application's."""

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

from accounts import sessions


def sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the application's page, and back from there to where one wanted to go."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    query = urlencode({"next": wanted if here and wanted else reverse("admin:index")})
    return HttpResponseRedirect(f"/login?{query}")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        sessions.end(request, request.user)
    return HttpResponseRedirect("/login")


def openid_begin(request: HttpRequest) -> HttpResponse:
    """To the OpenID provider, where one is configured; what speaks to it is loaded only then."""
    if not settings.OIDC_ISSUER:
        raise Http404
    from accounts import openid

    return openid.begin(request)


def openid_callback(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    from accounts import openid

    return openid.callback(request)


def change_password(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/settings")
