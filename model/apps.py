from django.apps import AppConfig


class ModelConfig(AppConfig):
    name = "model"

    def ready(self) -> None:
        from dataset import leaving
        from dataset.selectors import slice_uses as every_room
        from model.endpoints import ending
        from model.selectors import slice_uses

        every_room.register("model", slice_uses.uses)
        leaving.register("model", ending.end_processes_on)
