"""Addresses under /api/v1/."""

from django.urls import path

from accounts.api import people, projects, tokens
from accounts.endpoints import endpoint

urlpatterns = [
    path("auth/login", endpoint(POST=people.sign_in, public=True)),
    path("auth/logout", endpoint(POST=people.sign_out)),
    path("auth/me", endpoint(GET=people.get_me, PATCH=people.change_me, public=True)),
    path("auth/password", endpoint(POST=people.change_password)),
    path("projects", endpoint(GET=projects.list_projects, POST=projects.create_project)),
    path("projects/<int:project_id>", endpoint(GET=projects.get_project, PATCH=projects.change_project)),
    path("projects/<int:project_id>/members", endpoint(GET=projects.list_members, POST=projects.add_member)),
    path("projects/<int:project_id>/audit", endpoint(GET=projects.list_audit)),
    path("members/<int:member_id>", endpoint(PATCH=projects.change_member, DELETE=projects.remove_member)),
    path("tokens", endpoint(GET=tokens.list_tokens, POST=tokens.create_token)),
    path("tokens/<int:token_id>", endpoint(DELETE=tokens.delete_token)),
]
