#!/usr/bin/env python3
"""Real TensorFlow and Keras take the SavedModels and checkpoints that Layerscope writes.

  PYTHON saved_models.py --bin LAYERSCOPE [--data tests/data | CORPUS] [--own VERSION] [--only GLOB] [--custom FILE]

PYTHON is that of an environment of requirements-*.txt; with TF_USE_LEGACY_KERAS=1 the Keras is tf_keras. Every folder <case>/<version> below
--data that this Keras wrote is gone through; for each claim a count is printed. Keras 3 loads no SavedModel: it runs the signatures (TFSMLayer).
"""
import argparse
import collections
import fnmatch
import importlib.util
import json
import logging
import os
import pathlib
import shutil
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
import recorded  # noqa: E402
from recorded import Mismatch, identical, need  # noqa: E402

if os.environ.get("TF_USE_LEGACY_KERAS"):
    import tf_keras as keras
    os.environ["CORPUS_TF_KERAS"] = "1"
else:
    import keras as plain_keras
    keras = plain_keras if plain_keras.__version__.startswith("3") else tf.keras
VERSION = keras.__version__ if hasattr(keras, "__version__") else plain_keras.__version__
IS_KERAS3 = VERSION.startswith("3")
OWN = "keras3.15" if IS_KERAS3 else "tfkeras2.21" if os.environ.get("TF_USE_LEGACY_KERAS") else "keras" + ".".join(tf.__version__.split(".")[:2])
HERE = pathlib.Path(__file__).resolve().parent
STEPS = 3
OBJECTS = {}


class Skip(Exception):
    pass


class Layerscope:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)

    def __call__(self, *words, may_fail=False):
        done = subprocess.run([self.binary, *map(str, words)], capture_output=True, text=True, timeout=120)
        if may_fail:
            return done
        need(done.returncode == 0, f"layerscope {words[0]}: exit {done.returncode}: {done.stderr.strip()[-250:]}")
        return done.stderr


class Case:
    def __init__(self, folder, scratch):
        self.folder, self.name, self.scratch = folder, f"{folder.parent.name}/{folder.name}", scratch
        self.expected = json.loads((folder / "expected.json").read_text())
        self.forward, self.resume = self.expected.get("forward"), self.expected.get("resume")
        self.h5 = folder / "model.h5"

    def arrays(self):
        return np.load(self.folder / "arrays.npz", allow_pickle=False)

    def input_names(self):
        """Names of the input layers, in the order of the model's inputs."""
        ends = self.expected["model"]["model_config"]["config"]["input_layers"]
        return [ends[0]] if isinstance(ends[0], str) else [end[0] for end in ends]

    def inputs(self):
        arrays = self.arrays()
        return [(entry.get("name"), arrays[entry["key"]]) for entry in self.forward["inputs"]]


# ---- real Keras ----

def options():
    return {"custom_objects": OBJECTS, **({"safe_mode": False} if tuple(map(int, VERSION.split(".")[:2])) >= (2, 13) else {})}


def load(path):
    """As a user would: no call but load_model."""
    return keras.models.load_model(str(path), **options())


def prepare(model):
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return []
    if hasattr(optimizer, "_create_all_weights"):
        optimizer._create_all_weights(model.trainable_variables)
    elif hasattr(optimizer, "build"):
        optimizer.build(model.trainable_variables)
    variables = optimizer.variables
    return list(variables() if callable(variables) else variables)


def arrays_of(variables):
    return [np.asarray(v.numpy()) for v in variables]


def outputs_of(model, case):
    inputs = case.inputs()
    fed = {n: a for n, a in inputs} if inputs[0][0] else [a for _, a in inputs] if len(inputs) > 1 else inputs[0][1]
    fed = tf.nest.map_structure(tf.constant, fed)
    return [np.asarray(o) for o in tf.nest.flatten(model(fed, training=False))]


def close(what, got, wanted, relative, absolute):
    need(len(got) == len(wanted), f"{what}: {len(got)} instead of {len(wanted)}")
    for i, (a, b) in enumerate(zip(got, wanted)):
        need(a.shape == b.shape, f"{what} {i}: shape {a.shape} instead of {b.shape}")
        if b.dtype.kind in "OSU":
            continue
        a, b = a.astype("float64"), b.astype("float64")
        scale = np.nanmax(np.abs(np.where(np.isfinite(b), b, 0))) if b.size else 0
        bad = ~np.isclose(a, b, rtol=relative, atol=absolute + 0.1 * relative * scale, equal_nan=True)
        need(not bad.any(), f"{what} {i}: {bad.sum()} of {b.size} differ, by up to {np.nanmax(np.abs(a - b)[bad], initial=0):.3g} (scale {scale:.3g})")


def losses(model, case):
    tf.random.set_seed(1)
    return recorded.losses(model, case.folder, case.resume, case.resume["first_step"], STEPS)


def tolerance(case):
    policies = {str(layer.get("dtype_policy")) for layer in case.expected["model"]["layers"]}
    return (2e-2, 2e-2) if any("16" in p for p in policies) else (1e-4, 1e-5)


def original_of(case, path):
    """What the untouched file gives; nobody can be held to what Keras cannot load itself."""
    try:
        return load(path)
    except Exception as error:
        raise Skip(f"Keras cannot load its own file: {type(error).__name__}")


def same_model(case, copy, original, bits=True):
    identical("weight", arrays_of(copy.weights), arrays_of(original.weights))
    need([w.trainable for w in copy.weights] == [w.trainable for w in original.weights], "trainable flags differ")
    if case.forward:
        if bits:
            identical("output", outputs_of(copy, case), outputs_of(original, case))
        else:
            close("output", outputs_of(copy, case), outputs_of(original, case), *tolerance(case))


def same_training(case, copy, original):
    if getattr(original, "optimizer", None) is None:
        return
    need(copy.optimizer is not None, "not compiled")
    need(type(copy.optimizer) is type(original.optimizer), f"{type(copy.optimizer)} instead of {type(original.optimizer)}")
    if "LossScale" in type(original.optimizer).__name__:  # Keras itself loses its state in a .h5
        prepare(copy)
        wanted = case.expected["optimizer"]["iterations"]
        need(int(copy.optimizer.iterations) == wanted, f"step {int(copy.optimizer.iterations)} instead of {wanted}")
        return
    identical("optimizer variable", arrays_of(prepare(copy)), arrays_of(prepare(original)))
    # A schedule gives the rate anew at each step.
    rate = lambda model: 0.0 if hasattr(model.optimizer, "_current_learning_rate") or callable(model.optimizer.learning_rate) else float(model.optimizer.learning_rate)
    need(rate(copy) == rate(original), f"learning rate {rate(copy)} instead of {rate(original)}")


def same_steps(case, copy, original):
    if not case.resume or getattr(original, "optimizer", None) is None:
        raise Skip("nothing recorded")
    got, wanted = losses(copy, case), losses(original, case)
    need(np.allclose(got, wanted, rtol=1e-6, atol=0, equal_nan=True), f"losses {got} instead of {wanted}")
    close("weight after training", arrays_of(copy.weights), arrays_of(original.weights), 1e-5, 1e-6)


# ---- signatures ----

def signature_outputs(folder, case):
    if IS_KERAS3:
        layer = keras.layers.TFSMLayer(str(folder), call_endpoint="serving_default")
        loaded = tf.saved_model.load(str(folder))
        function = loaded.signatures["serving_default"]
        run = lambda feed: layer(*feed.values()) if len(feed) == 1 else function(**feed)  # the layer takes one tensor
    else:
        loaded = tf.saved_model.load(str(folder))
        function = loaded.signatures["serving_default"]
        run = lambda feed: function(**feed)
    specs = function.structured_input_signature[1]
    names = [n for n, _ in case.inputs()]
    order = names if names[0] else case.input_names() if len(names) > 1 else list(specs)
    feed = {}
    for name, (_, array) in zip(order, case.inputs()):
        feed[name] = tf.cast(tf.constant(array), specs[name].dtype)
    found = run(feed)
    return {k: np.asarray(v) for k, v in (found.items() if isinstance(found, dict) else {"output": found}.items())}


def signature_gives_the_outputs(case):
    folder = case.scratch / "signed"
    note = case.layerscope("convert", case.h5, folder, "--to", "savedmodel")
    if not case.forward:
        raise Skip("no outputs recorded")
    if "no signature" in note:
        raise Skip("no lowering: " + note[note.index("The reason:"):].split("\n")[0][12:130])
    arrays = case.arrays()
    found = signature_outputs(folder, case)
    wanted = [arrays[key] for key in case.forward["outputs"]]
    need(len(found) == len(wanted), f"{len(found)} outputs instead of {len(wanted)}")
    left = list(found.values())
    for array in wanted:  # by value: names of outputs are the library's own
        for i, candidate in enumerate(left):
            try:
                close("output", [candidate], [array], *tolerance(case))
            except Mismatch as error:
                problem = error
                continue
            left.pop(i)
            break
        else:
            raise problem


# ---- claims: one count each ----

def loads_from_scratch(case):
    original = original_of(case, case.h5)
    case.layerscope("convert", case.h5, case.scratch / "new", "--to", "savedmodel")
    copy = load(case.scratch / "new")
    same_model(case, copy, original)
    case.pair = copy, original


def restores_the_optimizer(case):
    if not getattr(case, "pair", None):
        raise Skip("not loaded")
    if case.pair[1].optimizer is None:
        raise Skip("not compiled")
    same_training(case, *case.pair)
    case.trained = case.pair


def trains_on_as_the_original(case):
    if not getattr(case, "trained", None):
        raise Skip("no optimizer")
    if "LossScale" in type(case.trained[1].optimizer).__name__:
        raise Skip("the .h5 lost its state")
    same_steps(case, *case.trained)


def takes_the_checkpoint(case):
    """load_weights on a fresh model."""
    original = original_of(case, case.h5)
    case.layerscope("convert", case.h5, case.scratch / "ck", "--to", "checkpoint")
    if hasattr(original, "get_config"):
        copy = load(case.h5)
        for variable in copy.weights:
            if variable.dtype.is_floating:
                variable.assign(tf.zeros_like(variable))
        for variable in prepare(copy):
            variable.assign(tf.zeros_like(variable))
        copy.load_weights(str(case.scratch / "ck")).expect_partial()
        same_model(case, copy, original)
        same_training(case, copy, original)


def saves_again(case):
    """The library's own SavedModel, saved again: weights, outputs, signature; then the optimizer, which Keras itself loses."""
    for name in ("saved_model", "saved_model_notraces"):
        folder = case.folder / name
        if not folder.exists():
            continue
        original = original_of(case, folder)
        case.layerscope("convert", folder, case.scratch / name, "--to", "savedmodel")
        copy = load(case.scratch / name)
        same_model(case, copy, original)
        if original.optimizer is not None and case.expected.get("optimizer"):
            wanted = case.expected["optimizer"]["iterations"]
            need(int(copy.optimizer.iterations) == wanted, f"step {int(copy.optimizer.iterations)} instead of {wanted}")
            if case.h5.exists() and "subclassed" not in case.expected["model"]["kind"]:
                same_training(case, copy, original_of(case, case.h5))
        signatures = tf.saved_model.load(str(folder)).signatures
        need(list(tf.saved_model.load(str(case.scratch / name)).signatures) == list(signatures), "signatures differ")
        return
    raise Skip("no SavedModel of its own")


def saves_its_checkpoint_again(case):
    prefix = case.folder / "ckpt" / "ckpt"
    if not prefix.with_suffix(".index").exists():
        raise Skip("no checkpoint of its own")
    case.layerscope("convert", prefix, case.scratch / "again", "--to", "checkpoint")
    old, new = tf.train.load_checkpoint(str(prefix)), tf.train.load_checkpoint(str(case.scratch / "again"))
    need(old.get_variable_to_shape_map() == new.get_variable_to_shape_map(), "keys differ")
    for key in old.get_variable_to_shape_map():
        a, b = np.asarray(old.get_tensor(key)), np.asarray(new.get_tensor(key))
        need(a.tobytes() == b.tobytes() or a.dtype == object and a.item() == b.item(), f"{key} differs")


CLAIMS = {
    "loads from scratch, weights and outputs bit-equal": loads_from_scratch,
    "load_model restores the optimizer": restores_the_optimizer,
    "three more steps as from the .h5": trains_on_as_the_original,
    "load_weights takes the checkpoint, optimizer included": takes_the_checkpoint,
    "SavedModel saved again": saves_again,
    "checkpoint saved again": saves_its_checkpoint_again,
    "signature gives the recorded outputs": signature_gives_the_outputs,
}
if IS_KERAS3:
    CLAIMS = {k: v for k, v in CLAIMS.items() if v in (saves_its_checkpoint_again, signature_gives_the_outputs)}


def custom(path):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    OBJECTS.update(module.CUSTOM_OBJECTS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--data", type=pathlib.Path, default=HERE.parent / "data")
    parser.add_argument("--own", default=OWN, help="folder of the version whose files are taken")
    parser.add_argument("--only", default="*")
    parser.add_argument("--claims", default="*", help="glob over the claims' names")
    parser.add_argument("--custom", type=pathlib.Path, help="module with CUSTOM_OBJECTS")
    parser.add_argument("--skips", action="store_true", help="print what was skipped")
    arguments = parser.parse_args()
    if arguments.custom:
        custom(arguments.custom)
    counts = collections.OrderedDict((name, collections.Counter()) for name in CLAIMS)
    try:
        run(arguments, counts)
    except KeyboardInterrupt:
        print("interrupted")
    print(f"\nKeras {VERSION}, TensorFlow {tf.__version__}")
    for name, found in counts.items():
        print(f"  {name:55} {found['passed']:4} of {found['passed'] + found['FAILED']:4}, {found['skipped']} skipped")
    failed = sum(found["FAILED"] for found in counts.values())
    return 1 if failed or not any(found["passed"] for found in counts.values()) else 0


def run(arguments, counts):
    for folder in sorted(arguments.data.glob(f"*/{arguments.own}")):
        if not (folder / "model.h5").exists() or not fnmatch.fnmatch(folder.parent.name, arguments.only):
            continue
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="layerscope-interop-"))
        case = Case(folder, scratch)
        case.layerscope = Layerscope(arguments.bin)
        for name, claim in CLAIMS.items():
            if not fnmatch.fnmatch(name, arguments.claims):
                continue
            try:
                claim(case)
                result = "passed"
            except Skip as skip:
                result = f"skipped: {skip}"
            except Mismatch as error:
                result = f"FAILED: {error}"
            except Exception:  # whatever the library throws at a file that it does not like
                result = "FAILED: " + traceback.format_exc(limit=-2)[-900:]
            counts[name][result.split(":")[0]] += 1
            if result.startswith("FAILED") or arguments.skips and result != "passed":
                print(f"{case.name}: {name}: {result}", flush=True)
        keras.backend.clear_session()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
