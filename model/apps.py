from django.apps import AppConfig


class ModelConfig(AppConfig):
    name = "model"

    def ready(self) -> None:
        from dataset.selectors import slice_uses as every_room
        from model.selectors import slice_uses

        every_room.register("model", slice_uses.uses)
