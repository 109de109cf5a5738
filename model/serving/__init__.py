"""The runtime of exported forms: boxes of pictures, with neither torch nor Django.

`open_form` of `detector.py` is the way in. ONNX Runtime, OpenVINO and OpenCV are each imported in one file here, when
they are needed.
"""
