"""Addresses under /api/v1/."""

from django.urls import path

from accounts.api import invitations, people, projects, tokens
from accounts.endpoints import endpoint

urlpatterns = [
    path("auth/login", endpoint(POST=people.sign_in, public=True)),
    path("auth/ways", endpoint(GET=people.list_ways_in, public=True)),
    path("auth/second-factor", endpoint(POST=people.begin_second_factor, repeatable=False)),
    path("auth/second-factor/confirm", endpoint(POST=people.confirm_second_factor, repeatable=False)),
    path("auth/second-factor/remove", endpoint(POST=people.remove_second_factor, repeatable=False)),
    path("auth/logout", endpoint(POST=people.sign_out)),
    path("auth/me", endpoint(GET=people.get_me, PATCH=people.change_me, public=True)),
    path("auth/password", endpoint(POST=people.change_password, repeatable=False)),
    path("projects", endpoint(GET=projects.list_projects, POST=projects.create_project)),
    path("projects/<int:project_id>", endpoint(GET=projects.get_project, PATCH=projects.change_project)),
    path("projects/<int:project_id>/members", endpoint(GET=projects.list_members)),
    path(
        "projects/<int:project_id>/import-roots",
        endpoint(GET=projects.get_import_roots, PUT=projects.grant_import_roots),
    ),
    path(
        "projects/<int:project_id>/invitations",
        endpoint(GET=invitations.list_invitations, POST=invitations.invite),
    ),
    path("invitations/<int:invitation_id>", endpoint(DELETE=invitations.withdraw_invitation)),
    path("invitations/open", endpoint(POST=invitations.open_invitation, public=True)),
    path("invitations/take-up", endpoint(POST=invitations.take_up_invitation)),
    path("invitations/new-account", endpoint(POST=invitations.take_up_with_new_account, public=True)),
    path("projects/<int:project_id>/audit", endpoint(GET=projects.list_audit)),
    path("members/<int:member_id>", endpoint(PATCH=projects.change_member, DELETE=projects.remove_member)),
    path("tokens", endpoint(GET=tokens.list_tokens, POST=tokens.create_token)),
    path("tokens/<int:token_id>", endpoint(DELETE=tokens.delete_token)),
]
