#!/usr/bin/env python3
"""Makes lookup_adapted/, lookup_asset/ and loss_scale/: SavedModels that keep something outside of configuration and list of variables.

  PYTHON make_saved_models.py VERSION     VERSION names the folder, e.g. keras2.15; made with Keras 2.15.0 on TensorFlow 2.15.1
"""
import pathlib
import sys
import tempfile

import numpy as np
from tensorflow import keras

HERE = pathlib.Path(__file__).resolve().parent


def save(model, case):
    folder = HERE / case / sys.argv[1] / "saved_model_notraces"
    model.save(folder, save_format="tf", save_traces=False)
    (folder / "fingerprint.pb").unlink()


codes = keras.Input((3,), dtype="int64", name="codes")
lookup = keras.layers.IntegerLookup(name="code_lookup")
lookup.adapt(np.array([40, 7, 7, 7, -3, -3, 1000000000000]))
table = keras.layers.Embedding(lookup.vocabulary_size(), 2, name="embedding")
model = keras.Model(codes, keras.layers.Flatten(name="flat")(table(lookup(codes))), name="adapted")
table.set_weights([np.arange(10, dtype="float32").reshape(5, 2)])
print(lookup.get_vocabulary(), model.predict(np.array([[7, 40, -3], [5, 1000000000000, 7]]), verbose=0).tolist())
save(model, "lookup_adapted")

with tempfile.TemporaryDirectory() as folder:
    words = pathlib.Path(folder) / "words.txt"
    words.write_text("pear\nfig\nünï\n", encoding="utf-8")
    text = keras.Input((2,), dtype="string", name="text")
    lookup = keras.layers.StringLookup(vocabulary=str(words), name="word_lookup")
    save(keras.Model(text, lookup(text), name="asset"), "lookup_asset")
    print(lookup.get_vocabulary())

keras.utils.set_random_seed(3)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="tanh", name="hidden"), keras.layers.Dense(1, name="out")], name="scaled")
model.compile(keras.mixed_precision.LossScaleOptimizer(keras.optimizers.Adam(0.01), initial_scale=1024.0, dynamic_growth_steps=5), "mean_squared_error")
x = np.arange(32, dtype="float32").reshape(8, 4) / 10
model.fit(x, x[:, :1], epochs=7, batch_size=8, shuffle=False, verbose=0)
optimizer = model.optimizer
print(float(optimizer.loss_scale), int(optimizer.dynamic_counter), int(optimizer.iterations))
save(model, "loss_scale")
