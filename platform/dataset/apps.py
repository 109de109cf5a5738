from django.apps import AppConfig


class DatasetConfig(AppConfig):
    name = "dataset"

    def ready(self) -> None:
        from dataset.services import export_files
        from jobs import registry

        registry.tidy(export_files.forget_old)
