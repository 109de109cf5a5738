"""What a notice says, by kind and language; the page has the same words (frontend/src/notices/locales)."""

from typing import Any

from accounts.wording import worded

SENTENCES: dict[str, dict[str, str]] = {
    "assigned": {
        "en": "{by} assigned {count} {count:task|tasks} of {batch} to you.",
        "ko": "{by} 님이 {batch} 배치의 작업 {count}개를 맡겼습니다.",
    },
    "assigned_due": {
        "en": "{by} assigned {count} {count:task|tasks} of {batch} to you, due on {due}.",
        "ko": "{by} 님이 {batch} 배치의 작업 {count}개를 맡겼습니다. 마감일은 {due}입니다.",
    },
    "due_tomorrow": {
        "en": "{count} of your tasks of {batch} {count:is|are} due tomorrow.",
        "ko": "{batch} 배치의 내 작업 {count}개가 내일 마감됩니다.",
    },
    "overdue": {
        "en": "{count} of your tasks of {batch} {count:was|were} due on {due}.",
        "ko": "{batch} 배치의 내 작업 {count}개가 {due} 마감일을 넘겼습니다.",
    },
    "sent_back": {
        "en": "{by} sent back your work on {image} ({batch}).",
        "ko": "{by} 님이 {batch} 배치의 {image} 작업을 돌려보냈습니다.",
    },
    "remark": {
        "en": "{by} remarked on {image} ({batch}): {text}",
        "ko": "{by} 님이 {batch} 배치의 {image}에 의견을 남겼습니다. {text}",
    },
    "reply": {
        "en": "{by} answered your issue on {image} ({batch}): {text}",
        "ko": "{by} 님이 {batch} 배치의 {image} 이슈에 답했습니다. {text}",
    },
    "batch_done": {"en": "All tasks of {batch} are finished.", "ko": "{batch} 배치의 작업이 모두 끝났습니다."},
    "instructions": {
        "en": "{by} changed the instructions of {batch}.",
        "ko": "{by} 님이 {batch} 배치의 작업 지침을 바꿨습니다.",
    },
    "run_finished": {"en": "{title} has finished.", "ko": "{title}: 학습이 끝났습니다."},
    "run_failed": {"en": "{title} has failed: {why}", "ko": "{title}: 학습이 실패했습니다. {why}"},
    "gate_failed": {"en": "{title}: the gate is not passed.", "ko": "{title}: 게이트를 통과하지 못했습니다."},
    "job_failed": {"en": "{title} has failed: {why}", "ko": "{title}: 작업이 실패했습니다. {why}"},
    "webhook_given_up": {
        "en": "{url} did not take {event} for a day, and is not tried again by itself: {why}",
        "ko": "{url} 주소가 하루 동안 {event} 이벤트를 받지 않아 자동 재시도를 멈췄습니다. {why}",
    },
}
KINDS = sorted(SENTENCES)


def sentence(kind: str, names: dict[str, Any], language: str) -> str:
    return worded(SENTENCES[kind].get(language, SENTENCES[kind]["en"]), **names)
