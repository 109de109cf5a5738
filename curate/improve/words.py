"""Why a step is offered, in English: for scripts and the shell. The pages say it in their own words, by the code."""

from __future__ import annotations

from science.guidance.advice import Advice

WHY = {
    "no_images": "This dataset has no images yet. Import some.",
    "no_labels": "No image is labelled yet. The images to begin with are chosen to differ from each other.",
    "chosen": "Images were chosen. Send them to Label.",
    "no_split": "Nothing is split yet: a detector must be judged on images that it was not trained on.",
    "no_run": "The images are split. Train a baseline: everything else is measured against it.",
    "no_evaluation": "The last training was not judged yet.",
    "unproven": "The last training is finished. Compare it with its control: that says what the step brought.",
    "batch_open": "“{name}” waits for people, tasks open: {tasks:.0f}.",
    "batch_done": "All tasks of “{name}” are finished. Send them to Curate.",
    "labels_changed": "Labels have come back since the last training. Train with them, and a control without.",
    "images_chosen": "Images with labels were chosen that were not trained on. Train with them, and a control without.",
    "corrections": (
        "Suggestions that fit the time: {suggestions:.0f}; expected to be right: {right:.0f} [{low:.0f}, {high:.0f}]."
        " What an error costs was measured on generated scenes, not here."
    ),
    "errors_unknown": (
        "Nobody has searched the labels of the last training for errors. At most about {at_most:.1f} points, if a tenth"
        " of them had the wrong class, the highest share among ten well-known datasets (Northcutt et al. 2021)."
    ),
    "curve_unknown": (
        "Images not used yet: {images:.0f}. What more of them would bring is measured by training on a quarter and a"
        " half of those used."
    ),
    "curve_impossible": "What more images would bring cannot be measured with the last training. {reason}",
    "class_labelled": (
        "“{name}” labelled and not used: {boxes:.0f}, beside {there:.0f}. By the class's learning curve from"
        " {sizes:.0f} sizes."
    ),
    "class_unlabelled": (
        "About {boxes:.0f} more “{name}” beside {there:.0f}, if images without labels hold as many as those with. By"
        " the class's learning curve from {sizes:.0f} sizes."
    ),
    "edge_cases": (
        "The hardest of the images that are labelled and not used, {images:.0f} beside {there:.0f}. By the learning"
        " curve from {sizes:.0f} sizes, as if they were taken at random."
    ),
    "images_unlabelled": (
        "Images that can be labelled in this time: {images:.0f}, beside {there:.0f}. By the learning curve from"
        " {sizes:.0f} sizes, as if they were taken at random."
    ),
    "longer_unknown": "Nobody has trained on for {epochs:.0f} more epochs yet.",
    "longer_epochs": "By the figures of the epochs so far, for {epochs:.0f} more.",
    "longer_control": "“{name}” trained on with nothing changed: its gain is that of training longer.",
    "larger_measured": "“{name}” ({baseline}) was trained on the same images and labels.",
    "larger_unknown": "{baseline} is the next larger network; an epoch takes about {times:.1f} times as long.",
    "validation": (
        "The present validation images show gains of {smallest:.1f} points or more; the best step is expected to bring"
        " {expected:.1f}. {more:.0f} more images would show it; labelled and not used: {have:.0f}, of which half are"
        " taken."
    ),
}


def why(one: Advice) -> str:
    """The sentence."""
    return WHY[one.why].format(**one.facts)
