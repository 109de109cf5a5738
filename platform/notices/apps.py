from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from jobs import listening, registry
        from notices import mailing, of_jobs
        from notices.webhooks import delivering

        listening.hear(of_jobs.tell_of_move)
        registry.tick(mailing.send_due)
        registry.tick(delivering.send_due)
        registry.tidy(delivering.forget_old)
