"""Which baselines can be trained by several devices."""

from accounts.problems import BadInput
from model.engines import architecture

AS_FEW_AS_CAN_BE = ("auto", "1")


def check_devices(baseline: str, devices: str, field: str) -> None:
    """Raise BadInput, by the field's name, where the baseline trains on one device and more are asked for."""
    known = architecture(baseline)
    if known is None or known.several_devices or devices in AS_FEW_AS_CAN_BE:
        return
    detail = (
        f"{known.title} trains on one device, as all networks of ultralytics do. Leave devices at auto or 1, or choose"
        " YOLOv6, DETA, RT-DETRv2, D-FINE, DEIMv2 or Deformable DETR."
    )
    raise BadInput(detail, errors={field: [detail]})
