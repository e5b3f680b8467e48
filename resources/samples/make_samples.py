#!/usr/bin/env python3
"""Makes the sample models of this folder with real Keras, each stopped in the middle of its training.

  PYTHON make_samples.py

With the Python of an environment that has TensorFlow 2.15 it makes iris_mlp.h5 and digits_cnn.h5; with TensorFlow 2.16 or later (Keras 3)
spirals_mlp.h5. `tests/run --with-keras` makes two such environments. The README beside this file says what the models are.
"""
import csv
import os
import pathlib

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1",
                  CUDA_VISIBLE_DEVICES="")
import keras as keras_package  # noqa: E402
import numpy as np  # noqa: E402
from tensorflow import keras  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
L = keras.layers


def rows(name):
    with open(DATA / name, newline="") as file:
        return list(csv.reader(file))[1:]


def iris():
    table = rows("iris.csv")
    names = sorted({row[-1] for row in table})
    x = np.array([row[:-1] for row in table], "float32")
    y = np.array([names.index(row[-1]) for row in table])
    model = keras.Sequential([keras.Input((4,), name="measures"), L.Dense(16, activation="relu", name="hidden_1"),
                              L.Dense(12, activation="relu", name="hidden_2"), L.Dense(3, activation="softmax", name="species")], name="iris_mlp")
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, x, y, 12


def digits():
    table = np.array(rows("digits.csv"), "float32")
    x, y = table[:, :-1].reshape(-1, 8, 8, 1), table[:, -1].astype(int)
    model = keras.Sequential([keras.Input((8, 8, 1), name="image"), L.Rescaling(1 / 16, name="scale"),
                              L.Conv2D(16, 3, padding="same", activation="relu", name="conv_1"), L.MaxPooling2D(name="pool"),
                              L.Conv2D(32, 3, padding="same", use_bias=False, name="conv_2"), L.BatchNormalization(name="norm"), L.ReLU(name="relu"),
                              L.Flatten(name="flat"), L.Dropout(0.25, name="dropout"), L.Dense(48, activation="relu", name="hidden"),
                              L.Dense(10, activation="softmax", name="digit")], name="digits_cnn")
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, x, y, 1


def spirals():
    random = np.random.default_rng(7)
    turn = np.sqrt(random.uniform(0, 1, 300)) * 3 * np.pi
    side = random.integers(0, 2, 300)
    sign = (2 * side - 1)[:, None]
    x = sign * np.stack([turn * np.cos(turn), turn * np.sin(turn)], 1) / (3 * np.pi) + random.normal(0, 0.02, (300, 2))
    model = keras.Sequential([keras.Input((2,), name="point"), L.Dense(16, activation="tanh", name="hidden_1"),
                              L.Dense(16, activation="tanh", name="hidden_2"), L.Dense(1, activation="sigmoid", name="side")], name="spirals_mlp")
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    return model, x.astype("float32"), side.astype("float32")[:, None], 40


def main():
    makers = {"spirals_mlp.h5": spirals} if keras_package.__version__.startswith("3") else {"iris_mlp.h5": iris, "digits_cnn.h5": digits}
    for name, maker in makers.items():
        keras.utils.set_random_seed(20)
        model, x, y, epochs = maker()
        history = model.fit(x, y, epochs=epochs, batch_size=32, verbose=0).history
        model.save(str(HERE / name))
        print(name, {key: round(values[-1], 4) for key, values in history.items()})


if __name__ == "__main__":
    main()
