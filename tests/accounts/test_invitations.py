"""Invitations: only who has the link's secret comes in, with a password of their own choice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLine, Invitation, Member, Role, User
from embedded.machine import free_port
from tests.factories import Cast, assert_charlie_gets_404, assert_problem, call, make_cast, make_user

pytestmark = pytest.mark.django_db
WORDS = "the words of a long song"


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast(bob=Role.MANAGER)


def invite(cast: Cast, email: str = "dora@example.org", role: str = "reviewer", **headers: str) -> Any:
    body = {"email": email, "role": role}
    return call(cast.alice, "POST", f"projects/{cast.project.pk}/invitations", body, **headers)


def secret_of(response: Any) -> str:
    assert response.status_code == 201, response.content
    return str(response.json()["link"]).partition("#")[2]


def test_it_works(cast: Cast) -> None:
    response = invite(cast, "Dora@Example.org")
    assert response["Cache-Control"] == "no-store"
    assert response.json()["link"].startswith("http://testserver/invitation#")
    secret = secret_of(response)
    assert secret not in str(Invitation.objects.values().get())
    assert not User.objects.filter(email="dora@example.org").exists()
    offer = call(None, "POST", "invitations/open", {"secret": secret}).json()
    assert (offer["project"], offer["role"], offer["email"], offer["invited_by"]) == (
        "Road", "reviewer", "dora@example.org", "Alice"
    )  # fmt: skip
    browser = Client()
    body = {"secret": secret, "name": "Dora", "new": WORDS}
    answer = browser.post("/api/v1/invitations/new-account", body, content_type="application/json")
    assert answer.status_code == 201
    dora = User.objects.get(email="dora@example.org")
    assert (dora.name, dora.check_password(WORDS)) == ("Dora", True)
    assert browser.get(f"/api/v1/projects/{cast.project.pk}").json()["role"] == "reviewer"
    assert call(cast.alice, "GET", f"projects/{cast.project.pk}/invitations").json() == []
    assert AuditLine.objects.filter(actor=dora, action="invitation.take_up", project=cast.project).exists()


def test_a_link_works_once(cast: Cast) -> None:
    secret = secret_of(invite(cast))
    body = {"secret": secret, "new": WORDS}
    assert call(None, "POST", "invitations/new-account", body).status_code == 201
    assert_problem(call(None, "POST", "invitations/new-account", body), 404)
    assert_problem(call(None, "POST", "invitations/open", {"secret": secret}), 404)


def test_the_answer_does_not_tell_whether_the_address_has_an_account(cast: Cast) -> None:
    known, unknown = invite(cast, cast.charlie.email).json(), invite(cast).json()
    varying = {"id", "email", "created_at", "expires_at", "link"}
    assert known.keys() == unknown.keys()
    assert {name: known[name] for name in known.keys() - varying} == {
        name: unknown[name] for name in unknown.keys() - varying
    }


def test_who_has_an_account_takes_it_up_signed_in(cast: Cast) -> None:
    secret = secret_of(invite(cast, cast.charlie.email, "labeller"))
    assert call(cast.charlie, "GET", f"projects/{cast.project.pk}").status_code == 404
    assert_problem(call(None, "POST", "invitations/take-up", {"secret": secret}), 401)
    body = {"secret": secret, "new": WORDS}
    assert_problem(call(None, "POST", "invitations/new-account", body), 409, mentions="Log in with it")
    assert call(cast.charlie, "POST", "invitations/take-up", {"secret": secret}).json()["role"] == "labeller"
    assert call(cast.charlie, "GET", f"projects/{cast.project.pk}").json()["role"] == "labeller"


def test_an_account_that_one_tenant_had_made_opens_no_door_of_another(cast: Cast) -> None:
    """Charlie invites Dora's address and takes the link up himself; Alice's invitation to Dora stays out of reach."""
    theirs = cast.charlie.memberships.get().project
    body = {"email": "dora@example.org", "role": "viewer"}
    own = secret_of(call(cast.charlie, "POST", f"projects/{theirs.pk}/invitations", body))
    assert call(None, "POST", "invitations/new-account", {"secret": own, "new": WORDS}).status_code == 201
    impostor = User.objects.get(email="dora@example.org")
    invite(cast)
    assert call(impostor, "GET", f"projects/{cast.project.pk}").status_code == 404
    assert_problem(call(impostor, "POST", "invitations/take-up", {"secret": own}), 404)


def test_it_rejects_somebody_else_who_is_signed_in(cast: Cast) -> None:
    secret = secret_of(invite(cast))
    assert_problem(call(cast.charlie, "POST", "invitations/take-up", {"secret": secret}), 409, mentions="Log out")
    assert not Member.objects.filter(user=cast.charlie, project=cast.project).exists()


def test_it_rejects_a_weak_password_and_keeps_the_link(cast: Cast) -> None:
    body = {"secret": secret_of(invite(cast)), "new": "dora@example.org"}
    problem = assert_problem(call(None, "POST", "invitations/new-account", body), 400)
    assert "new" in problem["errors"]
    assert call(None, "POST", "invitations/new-account", body | {"new": WORDS}).status_code == 201


@pytest.mark.parametrize("how", ["withdrawn", "replaced", "ended"])
def test_a_link_that_no_longer_counts_leads_nowhere(cast: Cast, how: str) -> None:
    response = invite(cast)
    if how == "withdrawn":
        assert call(cast.alice, "DELETE", f"invitations/{response.json()['id']}").status_code == 204
    elif how == "replaced":
        invite(cast, role="viewer")
    else:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert_problem(call(None, "POST", "invitations/open", {"secret": secret_of(response)}), 404)


@pytest.mark.parametrize("how", ["removed", "lowered", "inactive"])
def test_a_link_ends_with_its_makers_right_to_invite(cast: Cast, how: str) -> None:
    """An owner who has been shown the link, and is taken out, would come back by it with another address."""
    secret = secret_of(invite(cast, role="owner"))
    Member.objects.filter(user=cast.bob).update(role=Role.OWNER)
    member = Member.objects.get(user=cast.alice, project=cast.project)
    if how == "removed":
        assert call(cast.bob, "DELETE", f"members/{member.pk}").status_code == 204
    elif how == "lowered":
        assert call(cast.bob, "PATCH", f"members/{member.pk}", {"role": "manager"}).status_code == 200
    else:
        User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert_problem(call(None, "POST", "invitations/open", {"secret": secret}), 404)
    assert_problem(call(None, "POST", "invitations/new-account", {"secret": secret, "new": WORDS}), 404)
    listed = call(cast.bob, "GET", f"projects/{cast.project.pk}/invitations").json()
    assert len(listed) == (how == "inactive")


def test_owners_alone_see_invite_and_withdraw(cast: Cast) -> None:
    made, path = invite(cast).json()["id"], f"projects/{cast.project.pk}/invitations"
    (listed,) = call(cast.alice, "GET", path).json()
    assert (listed["email"], "link" in listed) == ("dora@example.org", False)
    body = {"email": "x@example.org", "role": "viewer"}
    for method, where, sent in (("GET", path, None), ("POST", path, body), ("DELETE", f"invitations/{made}", None)):
        assert_problem(call(cast.bob, method, where, sent), 403)
        assert_charlie_gets_404(cast, method, where, sent)


def test_a_member_is_not_invited_again(cast: Cast) -> None:
    assert_problem(invite(cast, cast.bob.email), 409, mentions="member already")


def test_where_mail_is_set_up_the_link_goes_to_its_receiver_alone(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    cast.alice.language = "ko"
    cast.alice.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert invite(cast).json()["link"] is None
        assert mail.outbox == []  # not before the invitation is saved for good
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["dora@example.org"], "Halfday의 Road 프로젝트 초대")
    (line,) = [line for line in sent.body.splitlines() if "/invitation#" in line]
    assert call(None, "POST", "invitations/open", {"secret": line.partition("#")[2]}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_repeated_call_mails_once(cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    first, second = (invite(cast, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.status_code == 201
    assert first.json() == second.json()
    (sent,) = mail.outbox
    secret = sent.body.partition("#")[2].split()[0]
    assert call(None, "POST", "invitations/open", {"secret": secret}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_was_not_taken_is_told_and_may_be_tried_again(cast: Cast, settings: Any) -> None:
    """With the same key: the call is not remembered as done."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    for key in ({"Idempotency-Key": "k1"}, {}):
        assert_problem(invite(cast, **key), 503, mentions="The mail server did not take the mail")
    settings.EMAIL_BACKEND = backend
    assert invite(cast, **{"Idempotency-Key": "k1"}).status_code == 201
    assert len(mail.outbox) == 1


def test_secrets_are_not_tried_out(cast: Cast) -> None:
    answers = [call(None, "POST", "invitations/open", {"secret": f"guess {number}"}) for number in range(51)]
    assert {answer.status_code for answer in answers[:50]} == {404}
    assert answers[50].status_code == 429


def test_a_scripts_token_takes_up_nothing(cast: Cast) -> None:
    dora = make_user("Dora")
    secret = secret_of(invite(cast, dora.email))
    dora_project = call(dora, "POST", "projects", {"name": "Mine"}).json()["id"]
    token = call(dora, "POST", "tokens", {"name": "CI", "project": dora_project, "role": "owner"}).json()["token"]
    answer = Client().post(
        "/api/v1/invitations/take-up", {"secret": secret}, "application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert_problem(answer, 403)
