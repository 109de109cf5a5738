from django.apps import AppConfig


class LabelConfig(AppConfig):
    name = "label"

    def ready(self) -> None:
        from accounts.leaving import LEAVING
        from dataset.selectors import slice_uses as every_room
        from jobs import registry
        from label.selectors import slice_uses
        from label.services import due, giving_back

        every_room.register("label", slice_uses.uses)
        LEAVING.append(giving_back.on_leaving)
        registry.tidy(giving_back.from_everybody_gone)
        registry.tidy(due.remind)
