from django.apps import AppConfig


class LabelConfig(AppConfig):
    name = "label"

    def ready(self) -> None:
        from dataset.selectors import slice_uses as every_room
        from label.selectors import slice_uses

        every_room.register("label", slice_uses.uses)
