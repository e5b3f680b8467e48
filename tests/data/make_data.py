#!/usr/bin/env python3
"""Makes a folder <case>/<version>/ of model files with real Keras, and records what Keras says about them.

  PYTHON make_data.py [CASE …] [--out FOLDER]

PYTHON is the interpreter of an environment with TensorFlow: with 2.12 to 2.15 the files are Keras 2's, with 2.16 and later
(and keras 3) Keras 3's. `tests/run --with-keras` makes two such environments. Without CASE every case below is made.
The README beside this file says what the files of a folder are.
"""
import argparse
import hashlib
import json
import os
import pathlib

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1",
                  CUDA_VISIBLE_DEVICES="", KERAS_BACKEND="tensorflow")
import h5py  # noqa: E402
import keras as keras_package  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow import keras  # noqa: E402

IS_KERAS3 = keras_package.__version__.startswith("3")
VERSION = "keras" + ".".join(keras_package.__version__.split(".")[:2])
BATCH, BATCHES, BEFORE, STEPS = 8, 4, 8, 20
L = keras.layers


# ---- the cases: (model, compile arguments, inputs, targets) ----

def cnn_batch_normalization(random):
    model = keras.Sequential([
        L.InputLayer(input_shape=(8, 8, 2), name="image") if not IS_KERAS3 else keras.Input((8, 8, 2), name="image"),
        L.Conv2D(4, 3, padding="same", use_bias=False, name="conv"), L.BatchNormalization(momentum=0.9, name="norm"), L.ReLU(name="relu"),
        L.MaxPooling2D(name="pool"), L.Conv2D(6, 3, strides=2, activation="tanh", name="conv_2"), L.Flatten(name="flat"),
        L.Dense(3, activation="softmax", name="head")], name="cnn")
    compile_arguments = dict(optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), loss="categorical_crossentropy",
                             metrics=["accuracy"])
    return model, compile_arguments, [random.normal(size=(BATCH * BATCHES, 8, 8, 2))], [np.eye(3)[random.integers(0, 3, BATCH * BATCHES)]]


def embedding_average(random):
    words = keras.Input((7,), dtype="int32", name="words")
    x = L.Embedding(20, 5, name="embedding")(words)
    x = L.Conv1D(6, 3, padding="same", activation="elu", name="conv")(x)
    x = L.LayerNormalization(name="norm")(x)
    x = L.GlobalAveragePooling1D(name="average")(x)
    model = keras.Model(words, L.Dense(1, activation="sigmoid", name="head")(x), name="words_model")
    schedule = keras.optimizers.schedules.ExponentialDecay(0.02, 5, 0.9)
    compile_arguments = dict(optimizer=keras.optimizers.AdamW(schedule, weight_decay=0.01), loss="binary_crossentropy", metrics=["accuracy"])
    return model, compile_arguments, [random.integers(0, 20, (BATCH * BATCHES, 7))], [random.integers(0, 2, (BATCH * BATCHES, 1))]


def branches(random):
    """A nested model that is called twice, a shared layer, two inputs and two outputs."""
    inner = keras.Sequential([keras.Input((4,), name="inner_input"), L.Dense(5, activation="selu", name="inner_dense"),
                              L.BatchNormalization(name="inner_norm")], name="inner")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = L.Dense(3, activation="gelu", name="shared")
    joined = L.Concatenate(name="join")([shared(inner(left)), shared(inner(right))])
    outputs = [L.Dense(2, name="values")(joined), L.Dense(1, activation="tanh", name="sign")(joined)]
    model = keras.Model([left, right], outputs, name="branches")
    compile_arguments = dict(optimizer=keras.optimizers.Adam(0.01, amsgrad=True), loss={"values": "mean_squared_error", "sign": "mean_absolute_error"},
                             loss_weights={"values": 1.0, "sign": 0.5})
    rows = BATCH * BATCHES
    return model, compile_arguments, [random.normal(size=(rows, 4)), random.normal(size=(rows, 4))], [
        random.normal(size=(rows, 2)), np.sign(random.normal(size=(rows, 1)))]


CASES = {"cnn_batch_normalization": cnn_batch_normalization, "embedding_average": embedding_average, "branches": branches}


# ---- what Keras says ----

def value_of(variable):
    value = variable.numpy() if hasattr(variable, "numpy") else variable.value.numpy()
    return np.asarray(value)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def path_of(variable):
    return getattr(variable, "path", None) or variable.name


def described(variable, index):
    array = value_of(variable)
    finite = array.astype("float64")
    entry = {"index": index, "name": variable.name, "path": path_of(variable), "shape": list(array.shape), "dtype": str(array.dtype),
             "sha256": digest(array), "count": int(array.size), "first": [float(v) for v in array.ravel()[:8]],
             "nan": 0, "inf": 0, "zeros": int((array == 0).sum())}
    assert np.isfinite(finite).all()
    if array.size:
        entry.update(min=float(finite.min()), max=float(finite.max()), mean=float(finite.mean()), std=float(finite.std()))
    if array.size >= 9:
        low, high = finite.min(), finite.max()
        counts, edges = np.histogram(finite, 30, (low - 0.5, low + 0.5) if low == high else (low, high))
        entry["hist"] = {"counts": counts.tolist(), "edges": [float(f"{e:.8g}") for e in edges]}
    return entry


def walk(model, path=()):
    for layer in model.layers:
        yield path + (layer.name,), layer
        if isinstance(layer, keras.Model):
            yield from walk(layer, path + (layer.name,))


def shape_of(layer):
    try:
        shape = layer.output.shape if IS_KERAS3 else layer.output_shape
    except (AttributeError, RuntimeError):  # a shared layer has several outputs
        shape = layer.get_output_at(0).shape if not IS_KERAS3 else layer._inbound_nodes[0].output_tensors[0].shape
    plain = lambda s: [None if d is None else int(d) for d in s]
    return [plain(s) for s in shape] if isinstance(shape, list) else plain(shape)


def layer_entry(order, path, layer):
    is_model = isinstance(layer, keras.Model)
    policy = getattr(layer, "dtype_policy", None)
    return {"order": order, "path": list(path), "depth": len(path) - 1, "name": layer.name, "class": type(layer).__name__, "is_model": is_model,
            "trainable": bool(layer.trainable), "dtype_policy": policy.name if policy else layer.dtype, "output_shape": shape_of(layer),
            "params": int(layer.count_params()),
            "weights": [] if is_model else [{**described(w, i), "trainable": bool(w.trainable)} for i, w in enumerate(layer.weights)]}


def model_entry(model):
    count = lambda weights: int(sum(value_of(w).size for w in weights))
    entries = [layer_entry(i, p, layer) for i, (p, layer) in enumerate(walk(model))]
    return {"name": model.name, "class": type(model).__name__, "kind": "sequential" if isinstance(model, keras.Sequential) else "functional",
            "layers": entries,
            "weights_in_model_order": [{"name": w.name, "path": path_of(w), "trainable": bool(w.trainable), "shape": list(w.shape),
                                        "dtype": str(value_of(w).dtype), "sha256": digest(value_of(w))} for w in model.weights],
            "totals": {"layers_top_level": len(model.layers), "layers_all": len(entries), "params": count(model.weights),
                       "trainable_params": count(model.trainable_weights), "non_trainable_params": count(model.non_trainable_weights),
                       "weights": len(model.weights)},
            "model_config": json.loads(model.to_json())}


def optimizer_variables(optimizer):
    variables = optimizer.variables
    return list(variables() if callable(variables) else variables)


def optimizer_entry(optimizer):
    return {"class": type(optimizer).__name__, "module": type(optimizer).__module__, "legacy": False, "config": plain(optimizer.get_config()),
            "iterations": int(optimizer.iterations.numpy()), "variables": [described(v, i) for i, v in enumerate(optimizer_variables(optimizer))]}


def plain(value):
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


class Arrays(dict):
    def keep(self, prefix, array):
        key = f"{prefix}_{len(self):04d}"
        self[key] = np.asarray(array)
        return key


def forward(model, inputs, arrays):
    """Inference, with the output of every call of every layer."""
    records, counts, paths = [], {}, {id(layer): path for path, layer in walk(model)}

    def recorded(layer, original):
        def call(*words, **keywords):
            result = original(*words, **keywords)
            number = counts[id(layer)] = counts.get(id(layer), -1) + 1
            records.append({"path": list(paths[id(layer)]), "call": number,
                            "keys": [arrays.keep("layer", t.numpy()) for t in tf.nest.flatten(result)]})
            return result
        return call

    layers = [layer for _, layer in walk(model) if type(layer).__name__ != "InputLayer"]
    originals = [layer.call for layer in layers]
    for layer, original in zip(layers, originals):
        object.__setattr__(layer, "call", recorded(layer, original))
    outputs = tf.nest.flatten(model([tf.constant(x) for x in inputs] if len(inputs) > 1 else tf.constant(inputs[0]), training=False))
    for layer in layers:
        object.__delattr__(layer, "call")
    return {"inputs": [{"key": arrays.keep("input", x), "name": None} for x in inputs], "outputs": [arrays.keep("output", t.numpy()) for t in outputs],
            "layers": records}


def gradients(model, inputs, random, arrays):
    """Of the sum of output times upstream, in training mode; no layer here is random."""
    before = [value_of(w).copy() for w in model.weights]
    tensors = [tf.constant(x) for x in inputs]
    with tf.GradientTape() as tape:
        floats = [t for t in tensors if t.dtype.is_floating]
        tape.watch(floats)
        outputs = tf.nest.flatten(model(tensors if len(tensors) > 1 else tensors[0], training=True))
        upstream = [random.normal(size=o.shape).astype("float32") for o in outputs]
        total = tf.add_n([tf.reduce_sum(o * u) for o, u in zip(outputs, upstream)])
    of_weights, of_inputs = tape.gradient(total, [[getattr(w, "value", w) if IS_KERAS3 else w for w in model.trainable_weights], floats])
    of_inputs = iter(of_inputs)
    dense = lambda g: tf.convert_to_tensor(g).numpy()
    entry = {"training": True, "value": float(total), "upstream": [arrays.keep("upstream", u) for u in upstream],
             "inputs": [arrays.keep("grad", dense(next(of_inputs))) if t.dtype.is_floating else None for t in tensors],
             "weights": [{"path": path_of(w), "name": w.name, "key": arrays.keep("grad", dense(g))} for w, g in zip(model.trainable_weights, of_weights)],
             "state_updates": [{"path": path_of(w), "key": arrays.keep("state", value_of(w))} for w, old in zip(model.weights, before)
                               if (value_of(w) != old).any()]}
    for weight, old in zip(model.weights, before):
        weight.assign(old)
    return entry


def train(model, x, y, first, steps):
    logs = []
    for step in range(first, first + steps):
        rows = slice((step % BATCHES) * BATCH, (step % BATCHES + 1) * BATCH)
        cut = lambda arrays: [a[rows] for a in arrays] if len(arrays) > 1 else arrays[0][rows]
        model.reset_metrics()
        result = model.train_on_batch(cut(x), cut(y), return_dict=True)
        logs.append({k: float(v) for k, v in result.items()})
    return logs


def resume(model, x, y, arrays):
    entry = {"batch_size": BATCH, "batches": BATCHES, "first_step": BEFORE, "steps": STEPS,
             "data": {"x": [{"key": arrays.keep("train_x", a), "name": None} for a in x],
                      "y": [{"key": arrays.keep("train_y", a), "name": None} for a in y], "sample_weight": None},
             "class_weight": None, "logs": train(model, x, y, BEFORE, STEPS)}
    after = lambda prefix, variables: [{"name": v.name, "path": path_of(v), "sha256": digest(value_of(v)), "key": arrays.keep(prefix, value_of(v))}
                                       for v in variables]
    entry["weights_after"] = after("after", model.weights)
    entry["optimizer_variables_after"] = after("optafter", optimizer_variables(model.optimizer))
    entry["extra_logs"] = train(model, x, y, BEFORE + STEPS, 10)
    return entry


def datasets(path):
    rows = []
    with h5py.File(path, "r") as file:
        file.visititems(lambda name, item: rows.append(["/" + name, str(item.dtype), list(item.shape), digest(item[()])[:16]])
                        if isinstance(item, h5py.Dataset) else None)
    return {"datasets": rows}


def make(name, out):
    folder = out / name / VERSION
    folder.mkdir(parents=True, exist_ok=True)
    seed = sum(name.encode())
    random = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    model, compile_arguments, x, y = CASES[name](random)
    x = [a.astype("int32" if a.dtype.kind == "i" else "float32") for a in x]
    y = [a.astype("float32") for a in y]
    model.compile(**compile_arguments)
    before = train(model, x, y, 0, BEFORE)
    arrays = Arrays()
    document = {"format": 1, "case": name, "seed": seed, "notes": "",
                "libraries": {"label": VERSION, "keras": keras_package.__version__, "tensorflow": tf.__version__, "numpy": np.__version__, "h5py": h5py.__version__},
                "training_before_save": {"steps": BEFORE, "logs": before}, "model": model_entry(model),
                "compile": {"config": plain(model.get_compile_config())}, "optimizer": optimizer_entry(model.optimizer), "formats": {"h5": "ok"}}
    model.save(folder / "model.h5" if IS_KERAS3 else str(folder / "model.h5"))
    if not IS_KERAS3:
        model.save_weights(str(folder / "legacy_weights.h5"), save_format="h5")
        document["formats"]["h5weights"] = "ok"
    document["files"] = {p.name: datasets(p) for p in sorted(folder.glob("*.h5"))}
    document["forward"] = forward(model, [a[:4] for a in x], arrays)
    document["gradients"] = gradients(model, [a[:4] for a in x], random, arrays)
    document["resume"] = resume(model, x, y, arrays)
    document["arrays"] = "arrays.npz"
    np.savez_compressed(folder / "arrays.npz", **arrays)
    (folder / "expected.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(folder, f"loss {before[0]['loss']:.4f} … {document['resume']['logs'][-1]['loss']:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", help=", ".join(CASES))
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    arguments = parser.parse_args()
    for name in arguments.cases or CASES:
        make(name, arguments.out)


if __name__ == "__main__":
    main()
