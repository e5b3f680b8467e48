#!/usr/bin/env python3
"""Which Keras resumes from what: written by x saved as x loaded by.

  PYTHON matrix.py --bin LAYERSCOPE --corpus FOLDER [--only GLOB] [--json FILE]

PYTHON is that of one environment, whose Keras does the loading (TF_USE_LEGACY_KERAS=1 makes it tf_keras). Every model of FOLDER that was trained
before it was saved is converted by Layerscope to each format that this Keras loads. A cell holds when the loaded weights are those that the
writing library recorded, bit for bit, the optimizer's variables and step likewise, and the next 10 steps give the recorded losses.

What no file can carry over is listed in LIBRARY_LIMITS with its reason; such cells are counted apart.
"""
import argparse
import collections
import fnmatch
import hashlib
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import warnings

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1",
                  CUDA_VISIBLE_DEVICES="", KERAS_BACKEND="tensorflow")
warnings.filterwarnings("ignore")
logging.getLogger("tensorflow").setLevel(logging.ERROR)
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from recorded import Mismatch, losses, need  # noqa: E402

keras = tf.keras
VERSION = getattr(keras, "__version__", tf.__version__)
IS_KERAS3 = VERSION.startswith("3")
IS_TF_KERAS = not IS_KERAS3 and tf.__version__ >= "2.16"
LOADER = "3.15" if IS_KERAS3 else "tf_keras 2.21" if IS_TF_KERAS else ".".join(VERSION.split(".")[:2])

STEPS = 10
LOSS_TOLERANCE = 1e-4  # relative: eager arithmetic here, a compiled step when the losses were recorded
# What a library writes with its optimizer in it.
SOURCES = {"keras1.2": ["model.h5"], "keras2.0": ["model.h5"], "keras2.2": ["model.h5"], "keras2.12": ["model.h5"], "keras2.15": ["model.h5"],
           "tfkeras2.21": ["model.h5"], "keras3.15": ["model.keras", "model.h5"]}
FORMATS = {"3.15": ["keras", "weights.h5"], "2.12": ["h5-keras2", "savedmodel", "checkpoint"]}.get(
    LOADER, ["h5-keras2", "keras2.15", "savedmodel", "checkpoint", "weights.h5-keras2"])
SUFFIX = {"h5-keras2": ".h5", "keras2.15": ".keras", "keras": ".keras", "savedmodel": "", "checkpoint": ".ckpt", "weights.h5-keras2": ".weights.h5",
          "weights.h5": ".weights.h5"}

# (case, written by, loaded by, saved as): reason. The writing library's own rules; see the words of `layerscope convert`.
LIBRARY_LIMITS = [
    ("opt_*embedding*", "keras2*", "3.15", "*", "Keras 3 does not merge repeated rows of an embedding's gradient"),
    ("opt_*embedding*", "tfkeras*", "3.15", "*", "Keras 3 does not merge repeated rows of an embedding's gradient"),
    ("opt_*embedding*", "keras3*", "2*", "*", "Keras 3 does not merge repeated rows of an embedding's gradient"),
    ("opt_*embedding*", "keras3*", "tf_keras*", "*", "Keras 3 does not merge repeated rows of an embedding's gradient"),
    ("model_t*", "keras2*", "3.15", "*", "an embedding, as above"),
    ("model_t*", "keras3*", "*2.*", "*", "an embedding, as above"),
    ("opt_legacy_sgd_momentum_embedding", "*", "*", "*", "the older SGD is lazy on rows that a batch does not touch"),
    ("opt_legacy_nadam", "*", "*", "*", "Nadam's schedule differs before Keras 2.11"),
    ("opt_nadam", "*", "2*", "*", "Keras 2 does not store Nadam's product and restarts it"),
    ("opt_nadam", "*", "tf_keras*", "*", "Keras 2 does not store Nadam's product and restarts it"),
    ("opt_nadam", "keras2*", "3.15", "*", "Keras 2 does not store Nadam's product and restarts it"),
    ("opt_lamb", "keras3*", "*2.*", "*", "no counterpart in Keras 2"),
    ("opt_muon", "keras3*", "*2.*", "*", "no counterpart in Keras 2"),
    ("opt_schedule_free_adamw", "keras3*", "*2.*", "*", "no counterpart in Keras 2"),
    ("opt_adam_accumulation", "keras3*", "*2.*", "*", "no counterpart in Keras 2"),
    ("*loss_scale*", "*", "*2.*", "h5-keras2", "Keras 2 does not restore a loss scale's slots from .h5"),
    ("opt_lion", "*", "2.12", "*", "Lion came with Keras 2.13"),
    ("opt_adam_cosine_warmup", "*", "2.12", "*", "the warm-up of a schedule came with Keras 2.13"),
    ("embedding_average", "keras2*", "3.15", "*", "an embedding, as above"),
    ("embedding_average", "keras3*", "*2.*", "*", "an embedding, as above"),
    ("model_custom_layers", "*", "*", "*", "its layers are Python code, and hold others whose places in an archive the .h5 does not tell"),
    ("loss_huber", "keras3*", "*", "*", "Keras 3 does not store Huber's delta"),
    ("old_*", "*", "*", "*", "real Keras 2.15 gives other losses on the original file, too"),
]


def value_of(variable):
    value = getattr(variable, "value", variable) if IS_KERAS3 else variable
    return np.array(value.numpy() if hasattr(value, "numpy") else value, order="C")


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


def optimizer_variables(model):
    optimizer = model.optimizer
    if hasattr(optimizer, "_create_all_weights"):
        optimizer._create_all_weights(model.trainable_variables)
    elif not getattr(optimizer, "built" if IS_KERAS3 else "_built", False):
        optimizer.build(model.trainable_variables)
    variables = optimizer.variables
    return list(variables() if callable(variables) else variables)


class Case:
    def __init__(self, folder):
        self.folder, self.case, self.writer = folder, folder.parent.name, folder.name
        self.expected = json.loads((folder / "expected.json").read_text())
        self.source = next((folder / name for name in SOURCES[self.writer] if (folder / name).exists()), None)

    def is_usable(self):
        optimizer, resume = self.expected.get("optimizer"), self.expected.get("resume")
        return bool(self.source and optimizer and resume and self.expected.get("training_before_save"))

    def losses(self, model):
        model.run_eagerly = True
        model.train_function = None
        resume = self.expected["resume"]
        return losses(model, self.folder, resume, resume["first_step"], STEPS)


class Layerscope:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)

    def convert(self, source, target, form):
        done = subprocess.run([self.binary, "convert", source, target, "--to", form, "--force"], capture_output=True, text=True, timeout=120)
        need(done.returncode == 0, f"not converted: {done.stderr.strip()[-200:]}")


def load_whole(path):
    options = {} if LOADER == "2.12" else {"safe_mode": False}
    return keras.models.load_model(str(path), **options)


def loaded_over(model, path):
    """`model` with nothing left of its own numbers, and what the file at `path` holds in their place."""
    for variable in [*model.weights, *optimizer_variables(model)]:
        if np.issubdtype(value_of(variable).dtype, np.number):
            variable.assign(np.zeros_like(value_of(variable)))
    model.load_weights(str(path))
    return model


def load_weights_into_fresh(case, form, layerscope, scratch, path):
    """The architecture and set-up from a whole model, with other numbers, which the weights file is to replace."""
    own = "tfkeras" if IS_TF_KERAS else "keras2.12" if LOADER == "2.12" else "keras2"
    if form == "checkpoint" and case.writer.startswith(own):
        whole = case.source  # a checkpoint keeps the kind of optimizer that the model has
    elif form == "checkpoint":
        whole = scratch / "whole.h5"  # likewise
        layerscope.convert(case.source, whole, "h5-legacy" if "legacy" in case.case else "h5-keras2")
    else:
        whole_form = "keras" if IS_KERAS3 else "keras2.15" if "keras2.15" in FORMATS else "h5-keras2"
        whole = scratch / ("whole" + SUFFIX[whole_form])
        layerscope.convert(case.source, whole, whole_form)
    compiled = load_whole(whole)
    if form == "checkpoint":
        return loaded_over(compiled, path)
    model = type(compiled).from_config(compiled.get_config())
    if not model.built:
        model.build(compiled.input_shape)
    model.compile_from_config(compiled.get_compile_config())  # without metrics, which would want values too
    return loaded_over(model, path)


def check(case, form, layerscope, scratch):
    target = scratch / ("model" + SUFFIX[form])
    layerscope.convert(case.source, target, form)
    isWhole = form in ("h5-keras2", "keras2.15", "keras", "savedmodel")
    model = load_whole(target) if isWhole else load_weights_into_fresh(case, form, layerscope, scratch, target)

    found = collections.Counter(digest(value_of(w)) for w in model.weights)
    wanted = collections.Counter(w["sha256"] for w in case.expected["model"]["weights_in_model_order"])
    need(found == wanted, f"{sum((wanted - found).values())} of {sum(wanted.values())} weights differ")

    need(getattr(model, "optimizer", None) is not None, "not compiled")
    optimizer = case.expected["optimizer"]
    values = [value_of(v) for v in optimizer_variables(model)]
    held = collections.Counter(digest(v) for v in values)
    slots = [v for v in optimizer["variables"] if v["shape"] and v.get("zeros") != v.get("count") and v["dtype"].startswith("float")]
    if optimizer["class"] == "SGD" and not optimizer["config"].get("momentum"):
        slots = []  # Keras 2.11 and later keep a momentum that is never used
    missing = collections.Counter(v["sha256"] for v in slots) - held
    need(not missing, f"{sum(missing.values())} of {len(slots)} optimizer slots differ")
    if optimizer.get("iterations") is not None and case.writer not in ("keras1.2", "keras2.0", "keras2.2"):
        steps = int(value_of(model.optimizer.iterations))
        need(steps == optimizer["iterations"], f"step {steps} instead of {optimizer['iterations']}")

    recorded = [float(log["loss"]) for log in case.expected["resume"]["logs"][:STEPS]]
    for step, (a, b) in enumerate(zip(case.losses(model), recorded)):
        need(abs(a - b) <= LOSS_TOLERANCE * max(abs(b), 1e-3) or (np.isnan(a) and np.isnan(b)), f"step {step}: loss {a:.7g} instead of {b:.7g}")


def limit(case, form):
    for name, writer, loader, saved, reason in LIBRARY_LIMITS:
        if all(fnmatch.fnmatch(value, pattern) for value, pattern in ((case.case, name), (case.writer, writer), (LOADER, loader), (form, saved))):
            return reason
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--formats", default="")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    layerscope = Layerscope(arguments.bin)
    forms = [f for f in arguments.formats.split(",") if f] or FORMATS
    cells = collections.defaultdict(lambda: {"holds": 0, "limits": 0, "fails": 0})
    failed = 0
    for path in sorted(arguments.corpus.glob("*/*/expected.json")):
        if path.parent.name not in SOURCES:
            continue
        name = f"{path.parent.parent.name}/{path.parent.name}"
        if arguments.only and not any(fnmatch.fnmatch(name, g) for g in arguments.only):
            continue
        case = Case(path.parent)
        if not case.is_usable():
            continue
        for form in forms:
            with tempfile.TemporaryDirectory(prefix="layerscope-matrix-") as scratch:
                try:
                    check(case, form, layerscope, pathlib.Path(scratch))
                    outcome, why = "holds", ""
                except Mismatch as error:
                    outcome, why = "fails", str(error)
                except Exception as error:  # whatever Keras throws at a file that it does not like
                    outcome, why = "fails", f"{type(error).__name__}: {str(error)[:160]} at {traceback.extract_tb(error.__traceback__)[-1].name}"
            reason = limit(case, form)
            if outcome == "fails" and reason:
                outcome = "limits"
            cells[case.writer, form][outcome] += 1
            if outcome == "fails":
                failed += 1
                print(f"{name} as {form} in {LOADER}: {why}", flush=True)
            keras.backend.clear_session()
    rows = [{"writer": w, "format": f, "loader": LOADER, **counts} for (w, f), counts in sorted(cells.items())]
    for row in rows:
        print(f"{row['writer']:12} {row['format']:18} {LOADER:14} {row['holds']:4} hold, {row['limits']:3} limited by the library, {row['fails']:3} fail")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1))
    total = sum(r["holds"] for r in rows)
    print(f"Keras {VERSION}: {total} passed, {failed} failed, {sum(r['limits'] for r in rows)} skipped")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
