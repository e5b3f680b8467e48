#!/usr/bin/env python3
"""Runs what `layerscope code` writes in the Keras of this Python.

For each model the source is executed; the model it makes must have the configuration and, bit for
bit, the weights of the one that Keras itself loads from the file.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

CASES = [
    "model_mlp", "model_cnn", "model_nested", "model_shared_layers", "model_residual",
    "model_two_in_two_out", "model_frozen", "branches", "cnn_batch_normalization",
    "embedding_average", "layers_embedding_plain", "layers_normalizations",
]
LARGER = [
    "layers_lstm", "layers_gru", "layers_bidirectional", "layers_time_distributed",
    "layers_conv2d", "layers_conv1d", "layers_merge", "layers_initializers",
    "layers_regularizers_constraints", "layers_multi_head_attention", "layers_pooling2d",
    "layers_rnn_stacked_cells", "layers_shape_2d", "layers_einsum_dense", "model_transformer",
    "model_autoencoder", "model_dict_inputs", "layers_activation", "layers_dropout_noise",
]


def normalized(value):
    """Tuples as lists, and without what Keras numbers by itself."""
    return json.loads(json.dumps(value, default=str, sort_keys=True))


def first_difference(one, other, where=""):
    if type(one) is not type(other):
        return f"{where}: {one!r} / {other!r}"
    if isinstance(one, dict):
        for key in sorted(set(one) | set(other)):
            if key in ("build_config", "shared_object_id"):
                continue
            if key not in one or key not in other:
                missing = one.get(key, other.get(key))
                if missing is None:
                    continue
                return f"{where}/{key}: only one has it ({missing!r})"
            found = first_difference(one[key], other[key], f"{where}/{key}")
            if found:
                return found
        return None
    if isinstance(one, list):
        if len(one) != len(other):
            return f"{where}: {len(one)} / {len(other)} entries"
        for i, (a, b) in enumerate(zip(one, other)):
            found = first_difference(a, b, f"{where}/{i}")
            if found:
                return found
        return None
    return None if one == other else f"{where}: {one!r} / {other!r}"


def check(binary, keras, np, path):
    try:
        wanted = keras.models.load_model(path, compile=False)
    except Exception as error:  # the library cannot load its own file: no witness
        return f"skipped, Keras cannot load it ({str(error)[:60]!r})", True
    source = subprocess.run([binary, "code", str(path), "--quiet"], capture_output=True, text=True)
    if "cannot open yet" in source.stderr:
        return "skipped, this version does not open it", True
    if source.returncode != 0:
        return f"code: {source.stderr.strip()}", False
    scope = {}
    try:
        exec(compile(source.stdout, "source.py", "exec"), scope)
    except Exception as error:
        return f"running the source: {type(error).__name__}: {str(error)[:300]}", False
    made = scope["model"]
    difference = first_difference(
        normalized(wanted.get_config()), normalized(made.get_config()))
    if len(wanted.weights) != len(made.weights):
        return f"{len(made.weights)} weights instead of {len(wanted.weights)}", False
    for a, b in zip(wanted.weights, made.weights):
        if not np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True):
            return f"other values in {a.name}", False
    return (f"configuration: {difference}", False) if difference else ("equal", True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--shared", type=pathlib.Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    import keras
    import numpy as np
    if keras.__version__.startswith("2."):
        from tensorflow import keras as tf_keras
        keras_api = tf_keras
    else:
        keras_api = keras
    version = "keras" + ".".join(keras.__version__.split(".")[:2])
    data = pathlib.Path(__file__).resolve().parent.parent / "data"
    folders = [data / case for case in CASES]
    if options.shared and (options.shared / "corpus").is_dir():
        folders += [options.shared / "corpus" / case for case in LARGER]
    failed = 0
    count = 0
    for folder in folders:
        for name in ("model.h5", "model.keras"):
            path = folder / version / name
            if not path.exists() or options.only not in str(path):
                continue
            count += 1
            said, good = check(options.bin, keras_api, np, path)
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'} {folder.name}/{name}: {said}", flush=True)
    print(f"{count - failed} of {count} rebuilt")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
