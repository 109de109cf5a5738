"""Every operation of the API × whoever may call it: in person, and by tokens of every role and scope.

tests/architecture/test_permissions.py asks the services; this asks the addresses, so that an endpoint that looks at a
person and forgets the token is found, also where no service is called.
"""

from http import HTTPStatus

import pytest
from django.test import Client

from accounts.models import PREDICT, ROLE_RANK, Role
from jobs.models import Job
from tests.architecture.every_operation import Operation, Stage, answered, operations, token_of
from tests.factories import signed_in
from tests.schema import watch

PUBLIC = {
    "list_ways_in",
    "login",
    "get_me",
    "get_health",
    "open_invitation",
    "take_up_invitation_with_new_account",
    "stop_notice_mail",
}
# About who calls: any person's, any token's.
ANYBODY = {
    "logout",
    "get_label_desk",
    "list_projects",
    "list_datasets",
    "list_jobs",
    "list_baselines",
    "list_searchable_settings",
    "list_checkpoints",
    "watch",
}
# About a person and not about a project: closed to a token that is held to a project or a role.
ONESELF = {
    "change_me", "change_password", "create_project", "create_token", "delete_token", "list_tokens",
    "change_notice_wish", "count_notices", "get_notice_wish", "list_notices", "read_notices",
    "take_up_invitation", "begin_second_factor", "confirm_second_factor", "remove_second_factor",
}  # fmt: skip
ADMINISTRATOR = {"grant_import_roots"}
AT_LEAST = {
    Role.OWNER: {
        "change_gate", "change_member", "change_project", "convert_weights_again", "create_checkpoint", "create_gate",
        "delete_dataset", "delete_endpoint", "delete_gate", "invite",
        "list_invitations", "remove_images", "remove_member", "withdraw_invitation",
    },
    Role.MANAGER: {
        "change_webhook", "create_webhook", "delete_webhook", "list_deliveries", "list_webhooks", "ping_webhook",
        "resend_delivery", "rotate_webhook_secret", "add_seeds", "apply_prelabel", "begin_upload",
        "bring_kept_pictures", "change_endpoint", "create_endpoint", "promote_checkpoint",
        "change_quality_plan", "list_gold_tasks", "mix_in_gold", "release_gold",
        "roll_back", "start_gate", "cancel_experiment", "cancel_job", "cancel_run", "create_experiment",
        "cancel_search", "create_search", "delete_search", "estimate_search", "resume_search", "show_augmentations",
        "delete_experiment", "estimate_experiment", "judge_experiment", "change_class", "change_dataset",
        "change_slice", "change_attribute", "create_attributes",
        "change_batch_review", "change_slice_by", "change_slice_images", "change_tag", "compute_embeddings",
        "create_class",
        "create_dataset", "create_form", "create_run", "create_slice", "delete_evaluation", "delete_form",
        "delete_attribute", "delete_objects", "delete_run", "order_attributes",
        "delete_slice", "delete_tag", "edit_annotations", "evaluate_checkpoint", "find_duplicates",
        "finish_upload", "freeze_slice", "get_import_roots", "get_upload", "give_up_upload", "ignore_objects",
        "import_predictions", "keep_one_of_each_duplicate", "keep_sources", "list_audit", "list_uploads",
        "make_slice_of", "make_slice_of_copies", "make_slice_of_duplicates", "make_weak_slice",
        "measure_baseline", "measure_images", "predict", "prepare_assist_source",
        "relabel_objects", "resume_run", "revert_dataset", "send_part", "set_label_state", "set_sequence",
        "skip_step", "start_auto_curate", "start_import", "start_learning_curve", "start_prelabel",
        "start_self_test", "tag_images",
        "take_copies_out", "take_prelabel_back", "take_step", "undo_keeping_one_of_each",
    },
    Role.REVIEWER: {
        "add_instruction_picture", "ask_several", "assign_parts", "compare_copies", "decide_task", "get_batch_figures",
        "get_batch_report", "get_batch_report_csv", "list_several", "write_instructions",
        "change_batch", "choose_assist_source", "claim_next_review", "create_batch", "decide_suggestions",
        "find_weak_slices", "get_batch_review", "hold_task", "merge_batch", "preview_merge", "review_task",
        "start_comparison", "start_evaluation",
    },
    Role.LABELLER: {
        "assign_task", "carry_out_accepted", "change_issue", "claim_next_task", "create_comment",
        "decide_batch_suggestions", "finish_decided_tasks", "get_own_results", "label_image", "list_candidates",
        "predict_on_endpoint", "raise_issue", "reply_to_issue", "save_frames", "save_task", "tighten_box",
    },
}  # fmt: skip
# One's own alone; for who may look at all, somebody else's is 404.
OWN = {"get_upload", "finish_upload", "give_up_upload", "send_part"}
# Needs more than a row: without it there is nothing, for anybody.
NOT_MADE = {
    "convert_weights_again", "get_checkpoint_file", "get_conversion", "get_embedding_map", "get_export_file",
    "get_augmentation", "get_form_file", "get_image_thumbnail", "list_augmentations", "get_import_report",
    "get_label_crop", "get_map_colours",
    "get_prediction_crop", "get_suggestion_crop",
}  # fmt: skip
REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def least(name: str) -> Role:
    """Reading is for everybody in the project."""
    return next((role for role, names in AT_LEAST.items() if name in names), Role.VIEWER)


def expected(operation: Operation, role: Role) -> set[int]:
    """What a member of that role, or a token that is held to it, is answered; empty: it is let through."""
    if operation.name in NOT_MADE:
        return {HTTPStatus.NOT_FOUND}
    if ROLE_RANK[role] >= ROLE_RANK[least(operation.name)]:
        return set()
    return {HTTPStatus.FORBIDDEN}


def is_as(status: int, wanted: set[int]) -> bool:
    return status in wanted if wanted else status not in REFUSED


@pytest.fixture
def stage() -> Stage:
    return Stage()


def of_a_project() -> list[Operation]:
    return [one for one in operations() if one.name not in PUBLIC | ANYBODY | ONESELF | ADMINISTRATOR]


def test_every_name_of_the_tables_is_an_operation() -> None:
    named = PUBLIC | ANYBODY | ONESELF | ADMINISTRATOR | OWN | NOT_MADE | set().union(*AT_LEAST.values())
    assert named <= {one.name for one in operations()}
    writes = {one.name for one in operations() if one.method != "get"}
    reading = {"start_export", "open_point", "prepare_evaluation_report"}  # what every member can read, kept as rows
    reading |= {"look_at_instructions"}
    assert {
        name for name in writes if least(name) == Role.VIEWER
    } <= PUBLIC | ANYBODY | ONESELF | ADMINISTRATOR | reading


Caller = tuple[Client, dict[str, str]]


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_the_table_says(stage: Stage, role: Role) -> None:
    person = signed_in(stage.cast.alice if role == Role.OWNER else stage.member(role))
    assert answered_wrongly(stage, role, {"in person": (person, {})}) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role == Role.LABELLER else pytest.mark.thorough) for role in Role]
)
def test_a_token_held_to_a_role_may_the_same(stage: Stage, role: Role) -> None:
    """As an owner's token, and as an administrator's for every project."""
    callers = {
        "an owner's token": (Client(), token_of(stage.cast.alice, stage.project, role)),
        "an administrator's token": (Client(), token_of(stage.administrator(), None, role)),
    }
    assert answered_wrongly(stage, role, callers) == []


def answered_wrongly(stage: Stage, role: Role, callers: dict[str, Caller]) -> list[str]:
    """The operations that answer these callers, who have that role, otherwise than the table says."""
    wrong = []
    for operation in of_a_project():
        wanted = expected(operation, role)
        for caller, (client, headers) in callers.items():
            status = answered(stage, operation, client, headers)
            somebody_elses = operation.name in OWN and not wanted and status == HTTPStatus.NOT_FOUND
            if not is_as(status, wanted) and not somebody_elses:
                wrong.append(f"{operation.name}: {caller} of {role} is answered {status}")
    watch.taken()
    return wrong


@pytest.mark.django_db
def test_who_is_not_in_the_project_finds_nothing(stage: Stage) -> None:
    """Somebody else in person, and the owner's own token of another project."""
    callers = {
        "Charlie": (signed_in(stage.cast.charlie), {}),
        "another project's token": (Client(), token_of(stage.cast.alice, stage.elsewhere, Role.OWNER)),
    }
    wrong = [
        f"{operation.name}: {caller} is answered {status}"
        for operation in of_a_project()
        for caller, (client, headers) in callers.items()
        if (status := answered(stage, operation, client, headers)) != HTTPStatus.NOT_FOUND
    ]
    watch.taken()
    assert wrong == []


@pytest.mark.django_db
def test_nobody_gets_in_but_where_everybody_may(stage: Stage) -> None:
    wrong = [
        f"{operation.name} is answered {status}"
        for operation in operations()
        if operation.name not in PUBLIC
        if (status := answered(stage, operation, Client(), {})) != HTTPStatus.UNAUTHORIZED
    ]
    watch.taken()
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role, PREDICT])
def test_an_account_is_closed_to_every_token_that_is_held_to_something(stage: Stage, role: str) -> None:
    """An administrator's too: held to a role it makes no other token, no project, and takes nobody's token back."""
    tokens = {
        "an owner's token": token_of(stage.cast.alice, stage.project, role),
        "an administrator's token": token_of(stage.administrator(), None, role),
    }
    wrong = [
        f"{operation.name}: {whose} of {role} is answered {status}"
        for operation in operations()
        if operation.name in ONESELF | ADMINISTRATOR
        for whose, headers in tokens.items()
        if (status := answered(stage, operation, Client(), headers)) != HTTPStatus.FORBIDDEN
    ]
    watch.taken()
    assert wrong == []


@pytest.mark.thorough
@pytest.mark.django_db
def test_an_administrators_token_that_is_held_to_nothing_may_what_its_maker_may(stage: Stage) -> None:
    headers = token_of(stage.administrator(), None, "")
    wrong = [
        f"{operation.name} is answered {status}"
        for operation in operations()
        if operation.name not in PUBLIC | NOT_MADE | OWN
        if (status := answered(stage, operation, Client(), headers)) in REFUSED
    ]
    watch.taken()
    assert wrong == []


@pytest.mark.django_db
def test_a_token_to_predict_predicts_and_reads_nothing(stage: Stage) -> None:
    """Neither an owner's nor an administrator's; another project's finds nothing."""
    tokens = {
        "an owner's token": token_of(stage.cast.alice, stage.project, PREDICT),
        "an administrator's token": token_of(stage.administrator(), None, PREDICT),
    }
    wrong = []
    for operation in operations():
        if operation.name in PUBLIC | {"logout", "list_baselines", "list_searchable_settings"}:
            continue
        refused = {HTTPStatus.FORBIDDEN, *expected(operation, Role.OWNER)}
        if operation.name == "list_checkpoints":
            refused |= {HTTPStatus.BAD_REQUEST}  # it is to name a project
        if operation.name == "get_job":
            refused = {HTTPStatus.NOT_FOUND}  # of its own predictions alone
        wanted = set() if operation.name in {"predict", "predict_on_endpoint"} else refused
        for whose, headers in tokens.items():
            status = answered(stage, operation, Client(), headers)
            if not is_as(status, wanted):
                wrong.append(f"{operation.name}: {whose} is answered {status}")
    watch.taken()
    assert wrong == []


@pytest.mark.django_db
def test_a_token_to_predict_sees_what_became_of_it(stage: Stage) -> None:
    """How far its prediction is, in its own project; and who it is."""
    headers = token_of(stage.cast.alice, stage.project, PREDICT)
    client, rows = Client(), stage.rows
    mine = {"project": stage.project, "dataset_id": stage.dataset.pk, "kind": "predict", "title": "Predict"}
    job = Job.objects.create(**mine, created_by=stage.cast.alice)
    bobs = Job.objects.create(**mine, created_by=stage.cast.bob)
    assert client.get(f"/api/v1/jobs/{job.pk}", headers=headers).json()["state"] == "queued"
    assert client.get(f"/api/v1/jobs/{bobs.pk}", headers=headers).status_code == HTTPStatus.NOT_FOUND
    assert client.get("/api/v1/auth/me", headers=headers).json()["email"] == stage.cast.alice.email
    elsewhere = token_of(stage.cast.alice, stage.elsewhere, PREDICT)
    assert client.get(f"/api/v1/jobs/{job.pk}", headers=elsewhere).status_code == HTTPStatus.NOT_FOUND
    address = f"/api/v1/checkpoints/{rows['checkpoint_id']}/predict"
    body = {"data": stage.bodies["predict"], "content_type": "application/json"}
    assert client.post(address, **body, headers=elsewhere).status_code == HTTPStatus.NOT_FOUND
