"""Serves the front end's one page; its hashed assets are WhiteNoise's, compressed when they were built."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

NOT_BUILT = "The front end is not built yet. Run ./halfday up, which builds it, or npm run build in frontend/."
GONE = "This file belongs to another build of the front end. Load the page anew."


@never_cache
@ensure_csrf_cookie
def front_end(request: HttpRequest) -> HttpResponse:
    """index.html for every address that is not the API's; the page's router takes it from there.

    A browser asks for it each time: it names the files of the build that there is now.
    """
    page = settings.FRONTEND_DIST / "index.html"
    if not page.is_file():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")


@never_cache
def gone_asset(request: HttpRequest, name: str) -> HttpResponse:
    """404 for a file that this build has not: a page that was open while the platform was updated asks for it.

    index.html in its place would be taken for the script, and a browser or proxy would keep it.
    """
    return HttpResponse(GONE, status=404, content_type="text/plain; charset=utf-8")
