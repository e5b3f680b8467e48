#!/usr/bin/env python3
"""Real Keras goes on from what Layerscope saved as if nothing had happened.

  PYTHON keras_resumes.py --bin LAYERSCOPE [--data tests/data] [--shared ../shared] [--only GLOB]

PYTHON is that of an environment of requirements-*.txt. Each file of tests/data that this Keras wrote is saved again, trained on and
exported by Layerscope; Keras then loads the result, compares every weight and optimizer variable bit for bit and trains on beside the
untouched original. Where --shared holds a larger collection of files and its own checker, a sample of it is checked with that as well.
"""
import argparse
import fnmatch
import json
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
import keras as keras_package  # noqa: E402
import numpy as np  # noqa: E402
from tensorflow import keras  # noqa: E402
from recorded import Mismatch, identical, losses, need  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
IS_KERAS3 = keras_package.__version__.startswith("3")
OWN = ["keras3.15"] if IS_KERAS3 else ["keras2.15", "keras2.12"]
STEPS = 10  # that Keras trains on with either file

# The arithmetic of Layerscope and TensorFlow differs in rounding; after half of the recorded steps the losses still agree to this.
TRAINED_LOSS_TOLERANCE = 1e-4


class Case:
    def __init__(self, folder):
        self.folder, self.name = folder, f"{folder.parent.name}/{folder.name}"
        self.file = folder / "model.h5"
        self.expected = json.loads((folder / "expected.json").read_text())
        self.resume = self.expected.get("resume")

    def arrays(self):
        return np.load(self.folder / "arrays.npz", allow_pickle=False)


class Layerscope:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)

    def __call__(self, *words):
        done = subprocess.run([self.binary, *map(str, words)], capture_output=True, text=True, timeout=120)
        need(done.returncode in (0, 4), f"{words[0]}: exit {done.returncode}: {done.stderr.strip()[-200:]}")
        return done.returncode == 0


# ---- real Keras ----

def load(path):
    """The model with its optimizer. Keras 3.15 itself restores no optimizer from .h5: its variables are then put in by hand, in file order."""
    if not IS_KERAS3:
        model = keras.models.load_model(str(path))
        if getattr(model, "optimizer", None) is not None and hasattr(model.optimizer, "build"):
            model.optimizer.build(model.trainable_variables)
        return model
    import h5py
    model = keras.models.load_model(path, compile=False)
    with h5py.File(path, "r") as file:
        if "training_config" not in file.attrs:
            return model
        settings = json.loads(file.attrs["training_config"])
        stored = [file["optimizer_weights"][name][()] for name in file["optimizer_weights"].attrs["weight_names"]]
    revive = lambda value: ({k: revive(v) for k, v in value.items()} if isinstance(value, dict) and "class_name" not in value
                            else keras.losses.deserialize({"module": "keras.losses", "registered_name": None, **value}) if isinstance(value, dict)
                            else [revive(v) for v in value] if isinstance(value, list) else value)
    model.compile(optimizer=keras.optimizers.deserialize(settings["optimizer_config"]), loss=revive(settings["loss"]),
                  loss_weights=settings["loss_weights"], jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    need(len(stored) == len(model.optimizer.variables), f"{len(stored)} optimizer variables instead of {len(model.optimizer.variables)}")
    for variable, value in zip(model.optimizer.variables, stored):
        variable.assign(value)
    return model


def values(variables):
    return [np.asarray(v.numpy() if hasattr(v, "numpy") else v.value.numpy()) for v in variables]


def optimizer_values(model):
    variables = model.optimizer.variables
    return values(variables() if callable(variables) else variables)


def close(what, got, wanted, tolerance):
    for i, (a, b) in enumerate(zip(got, wanted)):
        need(abs(a - b) <= tolerance * max(abs(b), 1e-3), f"{what}: step {i}: loss {a!r} instead of {b!r}")


# ---- the claims ----

def resumes_from_a_file_saved_again(case, layerscope, scratch):
    again = scratch / "again.h5"
    layerscope("convert", case.file, again)
    original, copy = load(case.file), load(again)
    identical("weight", values(copy.weights), values(original.weights))
    identical("optimizer variable", optimizer_values(copy), optimizer_values(original))
    first = case.resume["first_step"]
    got, wanted = losses(copy, case.folder, case.resume, first, STEPS), losses(original, case.folder, case.resume, first, STEPS)
    need(got == wanted, f"losses {got} instead of {wanted}")


def goes_on_where_layerscope_stopped(case, layerscope, scratch):
    """Half of the recorded steps in Layerscope, the other half in Keras: the losses that Keras alone had."""
    block, arrays = case.resume, case.arrays()
    half = block["steps"] // 2
    shift = block["first_step"] % block["batches"] * block["batch_size"]
    members = {}
    for side, entries in (("x", block["data"]["x"]), ("y", block["data"]["y"])):
        for i, entry in enumerate(entries):
            members[f"{side}:{entry['name']}" if entry["name"] else f"{side}_{i}"] = arrays[entry["key"]]
    weights = block["data"].get("sample_weight")
    if weights:
        members["sample_weight"] = arrays[weights if isinstance(weights, str) else weights[0]["key"]]
    np.savez(scratch / "data.npz", **{k: np.roll(v[:block["batches"] * block["batch_size"]], -shift, 0) for k, v in members.items()})
    words = ["--class-weight", json.dumps(block["class_weight"])] if block.get("class_weight") else []
    if not layerscope("train", case.file, "--data", scratch / "data.npz", "--no-shuffle", "--batch-size", block["batch_size"], "--steps", half,
                      "--save", scratch / "half.h5", *words):
        return "needs a layer that Layerscope cannot run"
    got = losses(load(scratch / "half.h5"), case.folder, case.resume, block["first_step"] + half, block["steps"] - half)
    close("trained on", got, [log["loss"] for log in block["logs"][half:]], TRAINED_LOSS_TOLERANCE)


def loads_exported_weights(case, layerscope, scratch):
    layerscope("export-weights", case.file, scratch / "weights_only.h5")
    layerscope("export-weights", case.file, scratch / "weights.npz")
    original = keras.models.load_model(str(case.file), compile=False)
    fresh = type(original).from_config(original.get_config())
    fresh.build(original.input_shape) if not fresh.built else None
    fresh.load_weights(str(scratch / "weights_only.h5"))
    identical("weight", values(fresh.weights), values(original.weights))
    with np.load(scratch / "weights.npz") as archive:
        identical("array", [archive[name] for name in archive.files], values(original.weights))


def resumes_in_the_legacy_dialect(case, layerscope, scratch):
    """The file that Keras 2.10 and earlier expect, in the optimizers.legacy of this one."""
    layerscope("convert", case.file, scratch / "legacy.h5", "--to", "h5-legacy")
    original, copy = load(case.file), load(scratch / "legacy.h5")
    identical("weight", values(copy.weights), values(original.weights))
    need("legacy" in type(copy.optimizer).__module__, f"the optimizer is {type(copy.optimizer).__module__}")
    first = case.resume["first_step"]
    close("legacy", losses(copy, case.folder, case.resume, first, STEPS), losses(original, case.folder, case.resume, first, STEPS), 1e-5)


CLAIMS = [resumes_from_a_file_saved_again, goes_on_where_layerscope_stopped, loads_exported_weights]
LEGACY_CASES = () if IS_KERAS3 else ("model_mlp/keras2.15", "opt_sgd_momentum/keras2.15", "opt_rmsprop_centered/keras2.15", "opt_adam_amsgrad/keras2.15")
SHARED_SAMPLE = ("model_mlp", "model_cnn", "model_residual", "model_frozen", "opt_adam_ema", "opt_adamw", "opt_rmsprop_momentum", "opt_sgd_nesterov",
                 "layers_merge", "layers_conv1d")


def shared_sample(shared, layerscope, scratch):
    """A few more files, with the checker that lies beside them."""
    checker = shared / "tools" / "verify_with_keras.py"
    for name in SHARED_SAMPLE:
        folder = shared / "corpus" / name / OWN[0]
        if not checker.exists() or not (folder / "model.h5").exists():
            continue
        def check(folder=folder):
            layerscope("convert", folder / "model.h5", scratch / "again.h5")
            done = subprocess.run([sys.executable, checker, "--expected", folder / "expected.json", "--file", scratch / "again.h5", "--continue", str(STEPS),
                                   "--reference", folder / "model.h5"], capture_output=True, text=True)
            need(done.returncode == 0, done.stdout[-600:] + done.stderr[-300:])
        yield f"{name}/{OWN[0]}", "passes the checker beside it", check


def checks(arguments, layerscope, scratch):
    for version in OWN:
        for folder in sorted(arguments.data.glob(f"*/{version}")):
            if IS_KERAS3 and folder.parent.name == "model_custom_layers":
                continue  # Keras 3 needs the class's Python source even for its own file
            if not (folder / "model.h5").exists():
                continue
            case = Case(folder)
            if not case.resume:
                continue
            for claim in CLAIMS + ([resumes_in_the_legacy_dialect] if case.name in LEGACY_CASES else []):
                yield case.name, claim.__name__.replace("_", " "), lambda case=case, claim=claim: claim(case, layerscope, scratch)
    if arguments.shared and arguments.shared.is_dir():
        yield from shared_sample(arguments.shared, layerscope, scratch)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--data", type=pathlib.Path, default=HERE.parent / "data")
    parser.add_argument("--shared", type=pathlib.Path)
    parser.add_argument("--only", default="*")
    arguments = parser.parse_args()
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(prefix="layerscope-interop-") as scratch:
        for name, claim, check in checks(arguments, Layerscope(arguments.bin), pathlib.Path(scratch)):
            if not fnmatch.fnmatch(name, arguments.only):
                continue
            try:
                skipped = check()
                result = f"skipped ({skipped})" if skipped else "passed"
            except Mismatch as error:
                result = f"FAILED: {error}"
            except Exception:  # whatever Keras throws at a file that it does not like
                result = "FAILED: " + traceback.format_exc(limit=-2)
            counts["failed" if result.startswith("FAILED") else result.split()[0]] += 1
            if result != "passed":
                print(f"{name}: {claim}: {result}", flush=True)
            keras.backend.clear_session()
    print(f"Keras {keras_package.__version__}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
