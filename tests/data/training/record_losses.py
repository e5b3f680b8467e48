#!/usr/bin/env python3
"""Records losses, their gradients and metrics of real Keras on fixed arrays: losses-<version>.json.

  python record_losses.py            with TensorFlow 2.15.1 (Keras 2.15) or TensorFlow 2.21 (Keras 3.15)

A loss record has the object's configuration, the arrays (y, p, sometimes sample weights and a mask), the value and its gradient to p.
A metric record has the values after a first batch alone and after both.
"""
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras

MAJOR = int(keras.__version__.split(".")[0])
L, M = keras.losses, keras.metrics


def flat(array):
    return [float(f"{x:.9g}") for x in np.asarray(array, "float64").ravel()]


def entry(array):
    return None if array is None else {"shape": list(np.shape(array)), "values": flat(array)}


def clean(value):
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    if isinstance(value, (np.floating, np.integer)):
        return value.item()
    if isinstance(value, np.ndarray) or tf.is_tensor(value):
        return clean(np.asarray(value).tolist())
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def arrays(kind, rows, random):
    """Targets and predictions of one kind: numbers, probabilities, distributions, class numbers, signs."""
    classes = 4
    raw = random.randn(rows, classes).astype("float32")
    soft = (np.exp(raw) / np.exp(raw).sum(-1, keepdims=True)).astype("float32")
    sigmoid = (1 / (1 + np.exp(-raw))).astype("float32")
    labels = random.randint(0, classes, rows)
    hot = np.eye(classes, dtype="float32")[labels]
    bits = (random.rand(rows, classes) > 0.5).astype("float32")
    return {
        "numbers": (random.randn(rows, classes).astype("float32"), raw),
        "positive": (np.abs(random.randn(rows, classes)).astype("float32") + 0.1, np.abs(raw) + 0.1),
        "bits": (bits, sigmoid), "bit_logits": (bits, raw),
        "hot": (hot, soft), "hot_logits": (hot, raw), "distribution": (soft[::-1].copy(), soft),
        "classes": (labels.astype("float32"), soft), "class_logits": (labels.astype("float32"), raw),
        "signs": (2 * bits - 1, raw), "one_bit": (bits[:, :1], sigmoid[:, :1]), "flat_bit": (bits[:, 0], sigmoid[:, :1]),
        "unit": (labels.astype("float32"), (raw / np.linalg.norm(raw, axis=-1, keepdims=True)).astype("float32")),
    }[kind]


def losses():
    yield L.MeanSquaredError(), "numbers"
    yield L.MeanAbsoluteError(), "numbers"
    yield L.MeanAbsolutePercentageError(), "numbers"
    yield L.MeanSquaredLogarithmicError(), "positive"
    yield L.Huber(delta=0.7), "numbers"
    yield L.LogCosh(), "numbers"
    yield L.Poisson(), "positive"
    yield L.CosineSimilarity(), "numbers"
    yield L.BinaryCrossentropy(), "bits"
    if MAJOR == 3:  # Keras 2 expands the target before it calls the loss
        yield L.BinaryCrossentropy(), "flat_bit"
    yield L.BinaryCrossentropy(from_logits=True, label_smoothing=0.1), "bit_logits"
    yield L.CategoricalCrossentropy(label_smoothing=0.1), "hot"
    yield L.CategoricalCrossentropy(from_logits=True), "hot_logits"
    yield L.SparseCategoricalCrossentropy(), "classes"
    yield L.SparseCategoricalCrossentropy(from_logits=True), "class_logits"
    yield L.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1), "class_logits"
    yield L.KLDivergence(), "distribution"
    yield L.BinaryFocalCrossentropy(gamma=1.5, apply_class_balancing=True), "bits"
    yield L.BinaryFocalCrossentropy(from_logits=True), "bit_logits"
    yield L.CategoricalFocalCrossentropy(), "hot"
    yield L.CategoricalFocalCrossentropy(from_logits=True, gamma=1.5), "hot_logits"
    yield L.Hinge(), "signs"
    yield L.Hinge(), "bit_logits"
    yield L.SquaredHinge(), "signs"
    yield L.CategoricalHinge(), "hot_logits"
    yield L.MeanSquaredError(reduction="sum"), "numbers"
    if MAJOR == 3:
        yield L.MeanSquaredError(reduction="mean_with_sample_weight"), "numbers"
        yield L.Dice(), "bits"
        yield L.Tversky(alpha=0.3, beta=0.7), "bits"
        yield L.Circle(gamma=8.0), "unit"
        yield L.CategoricalGeneralizedCrossEntropy(q=0.4), "classes"


def config_of(thing):
    config = clean(thing.get_config())
    for name in ("delta", "axis", "q"):  # Keras 3 does not write all of them
        if hasattr(thing, "_fn_kwargs") and name in thing._fn_kwargs:
            config[name] = clean(thing._fn_kwargs[name])
    return config


def record_loss(loss, kind, weighted):
    random = np.random.RandomState(5)
    y, p = arrays(kind, 6, random)
    weights = np.array([0.5, 2, 1, 0, 3, 1.5], "float32") if weighted else None
    prediction = tf.constant(p)
    with tf.GradientTape() as tape:
        tape.watch(prediction)
        value = loss(tf.constant(y), prediction, sample_weight=None if weights is None else tf.constant(weights))
    return {"class": loss.__class__.__name__, "config": config_of(loss), "kind": kind, "y": entry(y), "p": entry(p), "weights": entry(weights),
            "value": float(value), "gradient": flat(tf.convert_to_tensor(tape.gradient(value, prediction)))}


def metrics():
    yield lambda: M.BinaryAccuracy(threshold=0.4), "bits"
    yield lambda: M.CategoricalAccuracy(), "hot"
    yield lambda: M.SparseCategoricalAccuracy(), "classes"
    yield lambda: M.TopKCategoricalAccuracy(k=2), "hot"
    yield lambda: M.SparseTopKCategoricalAccuracy(k=2), "classes"
    for name in ("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "CosineSimilarity", "LogCoshError", "MeanAbsolutePercentageError"):
        yield getattr(M, name), "numbers"
    yield M.MeanSquaredLogarithmicError, "positive"
    yield M.Poisson, "positive"
    yield M.KLDivergence, "distribution"
    yield M.BinaryCrossentropy, "bits"
    yield M.CategoricalCrossentropy, "hot"
    yield M.SparseCategoricalCrossentropy, "classes"
    yield M.Hinge, "signs"
    yield M.SquaredHinge, "signs"
    yield M.CategoricalHinge, "hot_logits"
    yield lambda: M.R2Score(), "numbers"
    yield lambda: M.R2Score(class_aggregation="variance_weighted_average", num_regressors=2), "numbers"
    yield lambda: M.Precision(thresholds=0.6), "bits"
    yield lambda: M.Precision(top_k=2), "hot"
    yield lambda: M.Recall(class_id=1), "bits"
    for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"):
        yield getattr(M, name), "bits"
    yield lambda: M.AUC(), "bits"
    yield lambda: M.AUC(num_thresholds=20, curve="PR"), "bits"
    yield lambda: M.AUC(thresholds=[0.2, 0.45, 0.8], summation_method="majoring"), "bits"
    yield lambda: M.AUC(num_thresholds=30, multi_label=True, num_labels=4, label_weights=[1.0, 2.0, 0.5, 1.0], curve="PR", summation_method="minoring"), "bits"
    yield lambda: M.AUC(from_logits=True), "bit_logits"
    if MAJOR == 3:
        yield lambda: M.AUC(curve="PRGAIN"), "bits"
        yield M.PearsonCorrelation, "numbers"
        yield M.ConcordanceCorrelation, "numbers"
    yield lambda: M.SensitivityAtSpecificity(0.5), "bits"
    yield lambda: M.SpecificityAtSensitivity(0.5, num_thresholds=50), "bits"
    yield lambda: M.PrecisionAtRecall(0.5), "bits"
    yield lambda: M.RecallAtPrecision(0.5), "bits"
    yield lambda: M.F1Score(average="macro"), "hot"
    yield lambda: M.F1Score(average="micro", threshold=0.4), "bits"
    yield lambda: M.FBetaScore(average="weighted", beta=2.0, threshold=0.5), "bits"
    yield lambda: M.BinaryIoU(target_class_ids=[0, 1], threshold=0.4), "one_bit"
    yield lambda: M.OneHotIoU(num_classes=4, target_class_ids=[0, 2]), "hot"
    yield lambda: M.OneHotMeanIoU(num_classes=4), "hot"
    yield lambda: M.MeanIoU(num_classes=4, sparse_y_pred=False), "classes"


def record_metric(make, kind, weighted):
    random = np.random.RandomState(9)
    metric, batches, results = make(), [], []
    for rows in (8, 5):
        y, p = arrays(kind, rows, random)
        weights = (np.arange(rows) % 3).astype("float32") + 0.5 if weighted else None
        batches.append({"y": entry(y), "p": entry(p), "weights": entry(weights)})
        metric.update_state(y, p, sample_weight=weights)
        results.append(float(np.asarray(metric.result())))
    return {"class": metric.__class__.__name__, "config": clean(metric.get_config()), "kind": kind, "batches": batches, "results": results}


def main():
    records = {"keras": keras.__version__, "losses": [], "metrics": []}
    for loss, kind in losses():
        for weighted in (False, True):
            if not (weighted and loss.__class__.__name__ in ("Dice", "Tversky")):
                records["losses"].append(record_loss(loss, kind, weighted))
    unweighted = ("R2Score", "OneHotIoU", "OneHotMeanIoU", "MeanIoU", "BinaryIoU")
    for make, kind in metrics():
        for weighted in (False, True):
            if not (weighted and make().__class__.__name__ in unweighted):
                records["metrics"].append(record_metric(make, kind, weighted))
    with open(f"losses-keras{keras.__version__.rsplit('.', 1)[0]}.json", "w") as file:
        json.dump(records, file)
        file.write("\n")
    print(len(records["losses"]), "losses,", len(records["metrics"]), "metrics")


main()
