"""One's own notices over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access
from accounts.pages import PAGE_PARAMETERS, newest_first, page_request, page_shape
from accounts.problems import validated
from notices import mailing, selectors, services
from notices.models import Notice, NoticeWish
from notices.words import KINDS, sentence


class NoticeProjectSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    kind = serializers.ChoiceField(choices=KINDS)
    project = NoticeProjectSerializer()
    names = serializers.DictField(help_text="What fills the sentence of `kind`")
    text = serializers.SerializerMethodField(help_text="The sentence in the person's language")

    class Meta:
        model = Notice
        fields = ["id", "kind", "names", "text", "link", "project", "created_at", "read_at"]

    def get_text(self, notice: Notice) -> str:
        return sentence(notice.kind, notice.names, self.context["user"].language)


class UnreadSerializer(serializers.Serializer):
    unread = serializers.IntegerField()


class ReadSerializer(serializers.Serializer):
    notices = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True, max_length=1000, help_text="All, if left out"
    )


class NoticeWishSerializer(serializers.ModelSerializer[NoticeWish]):
    mail_works = serializers.SerializerMethodField(help_text="Whether this platform has a mail server")

    class Meta:
        model = NoticeWish
        fields = ["mail", "time_zone", "mail_works"]

    def get_mail_works(self, wish: NoticeWish) -> bool:
        return mailing.is_set_up()


class NoticeWishInSerializer(serializers.Serializer):
    mail = serializers.ChoiceField(choices=NoticeWish.Mail.choices, required=False)
    time_zone = serializers.CharField(max_length=64, required=False, help_text="Such as Asia/Seoul")


class StopMailSerializer(serializers.Serializer):
    token = serializers.CharField(max_length=300, help_text="What stands behind # in the link of a mail")


@extend_schema(
    operation_id="list_notices", tags=["notices"], parameters=PAGE_PARAMETERS, responses=page_shape(NoticeSerializer)
)
def list_notices(request: Request) -> Response:
    """Your notices, newest first. Not with a token that is held to a project or a role."""
    access.check_person(request.user)
    rows, following = newest_first(selectors.notices_of(request.user), page_request(request))
    items = NoticeSerializer(rows, many=True, context={"user": request.user}).data
    return Response({"items": items, "next": following})


@extend_schema(operation_id="count_notices", tags=["notices"], responses=UnreadSerializer)
def count_notices(request: Request) -> Response:
    """How many of your notices you have not read."""
    access.check_person(request.user)
    return Response({"unread": selectors.unread_of(request.user)})


@extend_schema(operation_id="read_notices", tags=["notices"], request=ReadSerializer, responses=UnreadSerializer)
def read_notices(request: Request) -> Response:
    """Mark notices as read, or all; answers how many are left."""
    given = validated(ReadSerializer, request.data)
    return Response({"unread": services.mark_read(by=request.user, ids=given.get("notices"))})


@extend_schema(operation_id="get_notice_wish", tags=["notices"], responses=NoticeWishSerializer)
def get_notice_wish(request: Request) -> Response:
    """How you hear of notices besides in the app."""
    access.check_person(request.user)
    return Response(NoticeWishSerializer(selectors.wish_of(request.user)).data)


@extend_schema(
    operation_id="change_notice_wish", tags=["notices"], request=NoticeWishInSerializer, responses=NoticeWishSerializer
)
def change_notice_wish(request: Request) -> Response:
    """Set whether notices are mailed (`at_once`, `daily`, `none`), and where your days begin."""
    given = validated(NoticeWishInSerializer, request.data, partial=True)
    return Response(NoticeWishSerializer(services.set_wish(by=request.user, **given)).data)


@extend_schema(operation_id="stop_notice_mail", tags=["notices"], request=StopMailSerializer, responses={204: None})
def stop_notice_mail(request: Request) -> Response:
    """End the mails of whoever got the link, without signing in."""
    given = validated(StopMailSerializer, request.data)
    mailing.end_mails(given["token"])
    return Response(status=204)
