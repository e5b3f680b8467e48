#!/usr/bin/env python3
"""Records what real Keras optimizers do with given gradients: optimizers-<version>.json.

  python record_optimizers.py        with TensorFlow 2.15.1 (Keras 2.15) or TensorFlow 2.21 (Keras 3.15)

Each case has the configuration that get_config() gives, the weights before, the gradients of each step and the weights after each step, as lists of float32.
A case whose gradients come as rows of an embedding (IndexedSlices) has "indices" beside them.
"""
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras

MAJOR = int(keras.__version__.split(".")[0])
STEPS = 5
SHAPES = [(3, 4), (4,), (2, 3)]


def clean(value):
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    if isinstance(value, (np.floating, np.integer)):
        return value.item()
    return value


def flat(array):
    return [float(f"{x:.9g}") for x in np.asarray(array, "float32").ravel()]


def run(name, optimizer, dialect, sparse=False):
    random = np.random.RandomState(7)
    arrays = [random.randn(*shape).astype("float32") for shape in SHAPES]
    if MAJOR == 3:
        weights = [keras.Variable(a, name=f"w{i}") for i, a in enumerate(arrays)]
    else:
        weights = [tf.Variable(a, name=f"w{i}") for i, a in enumerate(arrays)]
    case = {"name": name, "dialect": dialect, "class": optimizer.__class__.__name__, "shapes": SHAPES, "before": [flat(a) for a in arrays], "steps": []}
    if MAJOR == 3:
        optimizer.build(weights)

    def apply(gradients):
        if MAJOR == 3:
            optimizer.apply(gradients, weights)
        else:
            optimizer.apply_gradients(zip(gradients, weights))

    # Inside a function Keras 2.15 counts Nadam's product by how often it was traced.
    if not (MAJOR == 2 and name.startswith("nadam")):
        apply = tf.function(apply)

    for step in range(STEPS):
        gradients = [0.7 * random.randn(*shape).astype("float32") for shape in SHAPES]
        record = {"gradients": [flat(g) for g in gradients]}
        given = [tf.constant(g) for g in gradients]
        if sparse:
            indices = np.array([0, 2, 0, step % 3], "int64")
            rows = random.randn(4, 4).astype("float32")
            record.update(indices=indices.tolist(), rows=flat(rows))
            given[0] = tf.IndexedSlices(tf.constant(rows), tf.constant(indices), tf.constant([3, 4], tf.int64))
        apply(given)
        record["after"] = [flat(w.numpy() if hasattr(w, "numpy") else w) for w in weights]
        case["steps"].append(record)
    case["config"] = clean(optimizer.get_config())
    return case


def schedule(kind, **kwargs):
    return getattr(keras.optimizers.schedules, kind)(**kwargs)


def cases():
    o = keras.optimizers
    new = "keras3" if MAJOR == 3 else "keras2"
    yield "sgd", o.SGD(0.1), new, False
    yield "sgd_momentum", o.SGD(0.1, momentum=0.9), new, True
    yield "sgd_nesterov", o.SGD(0.1, momentum=0.9, nesterov=True), new, False
    yield "sgd_clipvalue", o.SGD(0.1, clipvalue=0.3), new, True
    yield "rmsprop", o.RMSprop(0.05), new, True
    yield "rmsprop_centered_momentum", o.RMSprop(0.05, rho=0.8, momentum=0.7, centered=True), new, True
    yield "adam", o.Adam(0.05), new, True
    yield "adam_amsgrad", o.Adam(0.05, beta_1=0.8, amsgrad=True), new, False
    yield "adam_clipnorm", o.Adam(0.05, clipnorm=0.5), new, True
    yield "adam_global_clipnorm", o.Adam(0.05, global_clipnorm=0.5), new, True
    yield "adam_ema", o.Adam(0.05, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=2), new, False
    yield "adamw", o.AdamW(0.05, weight_decay=0.05), new, False
    yield "adamax", o.Adamax(0.05), new, False
    yield "nadam", o.Nadam(0.05), new, True
    yield "adagrad", o.Adagrad(0.1), new, True
    yield "adadelta", o.Adadelta(0.9), new, True
    yield "ftrl", o.Ftrl(0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.02, l2_shrinkage_regularization_strength=0.01, beta=0.1), new, True
    yield "lion", o.Lion(0.02, weight_decay=0.01), new, False
    yield "adafactor", o.Adafactor(0.1), new, False
    for kind, kwargs in (("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=2, decay_rate=0.5, staircase=True)),
                         ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=2, decay_rate=0.5)),
                         ("PiecewiseConstantDecay", dict(boundaries=[1, 3], values=[0.1, 0.05, 0.01])),
                         ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=3, end_learning_rate=0.01, power=2.0, cycle=True)),
                         ("CosineDecay", dict(initial_learning_rate=0.01, decay_steps=4, alpha=0.1, warmup_target=0.1, warmup_steps=2)),
                         ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=2, t_mul=1.5, m_mul=0.8, alpha=0.05))):
        yield "sgd_" + kind, o.SGD(schedule(kind, **kwargs)), new, False
    if MAJOR == 3:
        yield "adam_accumulation", o.Adam(0.05, gradient_accumulation_steps=2, clipnorm=0.5), new, False
        yield "sgd_loss_scale", o.SGD(0.1, loss_scale_factor=8.0), new, False
        yield "lamb", o.Lamb(0.05), new, False
        yield "muon", o.Muon(0.05), new, False
        yield "schedule_free_adamw", o.ScheduleFreeAdamW(0.05, warmup_steps=3), new, False
        return
    l = keras.optimizers.legacy
    yield "legacy_sgd_decay", l.SGD(0.1, decay=0.1), "legacy", True
    yield "legacy_sgd_momentum", l.SGD(0.1, momentum=0.9), "legacy", True
    yield "legacy_sgd_nesterov", l.SGD(0.1, momentum=0.9, nesterov=True, clipvalue=0.4, clipnorm=0.6), "legacy", True
    yield "legacy_rmsprop", l.RMSprop(0.05, epsilon=0.01), "legacy", True
    yield "legacy_rmsprop_momentum", l.RMSprop(0.05, momentum=0.8, epsilon=0.01), "legacy", True
    yield "legacy_rmsprop_centered", l.RMSprop(0.05, centered=True, epsilon=0.01), "legacy", True
    yield "legacy_adam", l.Adam(0.05, amsgrad=False), "legacy", True
    yield "legacy_adam_amsgrad", l.Adam(0.05, amsgrad=True, decay=0.05), "legacy", False
    yield "legacy_adamax", l.Adamax(0.05), "legacy", True
    yield "legacy_nadam", l.Nadam(0.05), "legacy", True
    yield "legacy_adagrad", l.Adagrad(0.1, epsilon=0.01), "legacy", True
    yield "legacy_adadelta", l.Adadelta(0.9), "legacy", True
    yield "legacy_ftrl", l.Ftrl(0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.02, beta=0.1), "legacy", True


def main():
    records = []
    for name, optimizer, dialect, sparse in cases():
        records.append(run(name, optimizer, dialect))
        if sparse:
            records.append(run(name + "_rows", optimizer.__class__.from_config(optimizer.get_config()), dialect, sparse=True))
    with open(f"optimizers-keras{keras.__version__.rsplit('.', 1)[0]}.json", "w") as file:
        json.dump({"keras": keras.__version__, "tensorflow": tf.__version__, "cases": records}, file)
        file.write("\n")
    print(len(records), "cases")


main()
