"""What the scripts beside this one share: claims, and the training that a model's folder has recorded."""
import numpy as np


class Mismatch(Exception):
    """A claim that does not hold, in words."""


def need(condition, text):
    if not condition:
        raise Mismatch(text)


def identical(what, got, wanted):
    """Arrays that agree in type, shape and every bit."""
    need(len(got) == len(wanted), f"{what}: {len(got)} instead of {len(wanted)}")
    for i, (a, b) in enumerate(zip(got, wanted)):
        need(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes(), f"{what} {i} differs")


def losses(model, folder, resume, first, steps):
    """Losses of `steps` steps from step `first` on, with the batches of `resume`, whose arrays lie in `folder`."""
    arrays = np.load(folder / "arrays.npz", allow_pickle=False)

    def rows(entries, cut):
        parts = {e["name"] or i: arrays[e["key"]][cut] for i, e in enumerate(entries)}
        return parts if entries[0]["name"] else list(parts.values()) if len(parts) > 1 else parts[0]

    weights = resume["data"].get("sample_weight")
    weights = arrays[weights if isinstance(weights, str) else weights[0]["key"]] if weights else None
    found = []
    for step in range(first, first + steps):
        start = step % resume["batches"] * resume["batch_size"]
        cut = slice(start, start + resume["batch_size"])
        options = {"return_dict": True}
        if weights is not None:
            options["sample_weight"] = weights[cut]
        if resume.get("class_weight"):
            options["class_weight"] = {int(k): v for k, v in resume["class_weight"].items()}
        model.reset_metrics()
        found.append(float(model.train_on_batch(rows(resume["data"]["x"], cut), rows(resume["data"]["y"], cut), **options)["loss"]))
    return found
