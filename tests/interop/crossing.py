#!/usr/bin/env python3
"""Models that Layerscope turns into those of another Keras are loaded, compute and train there as before.

  PYTHON crossing.py --bin LAYERSCOPE --shared SHARED --direction NAME [--only GLOB] [--keep FOLDER] [--train]

PYTHON is that of the target's environment (requirements-*.txt). SHARED holds a collection of real files, `corpus/`, and its checker,
`tools/`. Each file of the direction is converted and loaded; weights are compared bit for bit, optimizer variables as a set, outputs with
the recorded ones, and with --train 12 steps are trained beside the recorded losses. Prints the table of results beside the counts that
are known to be possible, and why each file fell short; the exit status tells whether the counts are reached.
"""
import argparse
import collections
import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import tempfile

STEPS = 12
LOSS_TOLERANCE = 1e-4

# source folder, source file, format, suffix, and the counts of a converter made by hand: tried, converted, loaded, weights equal, outputs
# equal, optimizer equal, follows.
DIRECTIONS = {
    "2.15-h5-to-3": ("keras2.15", "model.h5", "keras", ".keras", (166, 166, 166, 163, 163, 116, 96)),
    "2.12-h5-to-3": ("keras2.12", "model.h5", "keras", ".keras", (38, 38, 38, 37, 38, 30, 25)),
    "tf-keras-h5-to-3": ("tfkeras2.21", "model.h5", "keras", ".keras", (16, 16, 16, 15, 16, 15, 13)),
    "2.15-keras-to-3": ("keras2.15", "model.keras", "keras", ".keras", (168, 166, 166, 163, 164, 101, 84)),
    "2.12-keras-to-3": ("keras2.12", "model.keras", "keras", ".keras", (40, 38, 38, 37, 38, 26, 21)),
    "tf-keras-keras-to-3": ("tfkeras2.21", "model.keras", "keras", ".keras", (18, 16, 16, 15, 16, 13, 11)),
    "3-h5-rescued": ("keras3.15", "model.h5", "keras", ".keras", (153, 152, 152, 151, 149, 99, 89)),
    "old-to-3": ("keras[12].[0-2]", "model.h5", "keras", ".keras", (12, 12, 12, 9, 12, 12, 3)),
    "old-to-2.15": ("keras[12].[0-2]", "model.h5", "h5-keras2", ".h5", (12, 12, 12, 11, 12, 12, 6)),
    "3-keras-to-2.15-h5": ("keras3.15", "model.keras", "h5-keras2", ".h5", (156, 152, 149, 146, 147, 94, 79)),
    "3-keras-to-2.15-keras": ("keras3.15", "model.keras", "keras2.15", ".keras", (156, 152, 150, 147, 148, 97, 80)),
    # What tf_keras wrote, for the Keras 2 before it; with the environments of 2.12, which has no Lion, and 2.15. Counted once for both.
    "tf-keras-h5-to-2-h5": ("tfkeras2.21", "model.h5", "h5-keras2", ".h5", (16, 16, 15, 15, 15, 13, 0)),
    "tf-keras-h5-to-2-savedmodel": ("tfkeras2.21", "model.h5", "savedmodel", "", (16, 16, 15, 15, 15, 14, 0)),
    "tf-keras-savedmodel-resaved": ("tfkeras2.21", "saved_model", "savedmodel", "", (5, 5, 5, 5, 5, 5, 0)),
    "tf-keras-keras-to-2.15-keras": ("tfkeras2.21", "model.keras", "keras2.15", ".keras", (18, 18, 18, 18, 18, 15, 0)),
    # Without counts of their own: the same files by another way.
    "3-h5-to-2.15-h5": ("keras3.15", "model.h5", "h5-keras2", ".h5", None),
    "2.15-h5-to-3-h5": ("keras2.15", "model.h5", "h5", ".h5", None),
}
COLUMNS = ("tried", "converted", "loaded", "weights", "outputs", "optimizer", "follows")


def convert(binary, source, target, form):
    done = subprocess.run([binary, "convert", str(source), str(target), "--to", form], capture_output=True, text=True, timeout=300)
    return None if done.returncode == 0 else done.stderr.strip()[-300:] or f"exit {done.returncode}"


class Checker:
    """Real Keras, by the collection's own checker."""

    def __init__(self, shared):
        sys.path.insert(0, str(shared / "tools"))
        import verify_with_keras
        self.tool = verify_with_keras

    def load(self, path, expected):
        self.tool.prepare_library(expected)
        if not self.tool.K3:
            self.tool.keras.mixed_precision.set_global_policy("float32")
        objects, _ = self.tool.load_custom([])
        model = self.tool.load_full(str(path), objects)
        self.tool.prepare_optimizer(model)
        return model

    def weights(self, model, expected):
        tool = self.tool
        found = [tool.digest(tool.value_of(w)) for w in tool.variables_of(model)]
        wanted = [entry["sha256"] for entry in expected["model"]["weights_in_model_order"]]
        return sorted(found) == sorted(wanted), f"{sum(a != b for a, b in zip(sorted(found), sorted(wanted)))} of {len(wanted)} differ"

    def outputs(self, model, expected, arrays):
        tool = self.tool
        tool.reset_states(model)
        found = tool.tf.nest.flatten(model(tool.sample_inputs(expected, arrays), training=False))
        tool.reset_states(model)
        return tool.compare_outputs(found, expected, arrays, *tool.output_tolerance(expected))

    def optimizer(self, model, expected):
        """Non-zero slots as a set, and the count of steps."""
        tool, np = self.tool, self.tool.np
        wanted = expected["optimizer"]
        slots = {e["sha256"] for e in wanted["variables"] if e["count"] > 1 and e["zeros"] < e["count"]}
        plain_sgd = wanted["class"] == "SGD" and not wanted["config"].get("momentum")
        values = [np.asarray(tool.value_of(v)) for v in tool.optimizer_variables(model.optimizer)]
        inner = getattr(model.optimizer, "inner_optimizer", None)
        if inner is not None:
            values += [np.asarray(tool.value_of(v)) for v in tool.optimizer_variables(inner)]
        found = {tool.digest(v) for v in values}
        missing = set() if plain_sgd else slots - found
        # Arrays of Keras 1's gates were joined: as many values must be there.
        size = sum(e["count"] for e in wanted["variables"] if e["count"] > 1)
        if missing and sum(v.size for v in values if v.size > 1) == size and expected["libraries"].get("keras", "").startswith("1."):
            missing = set()
        problems = [f"{len(missing)} of {len(slots)} slots missing"] if missing else []
        steps = int(tool.value_of(inner.iterations if inner is not None else model.optimizer.iterations))
        if wanted.get("iterations") is not None and steps != wanted["iterations"]:
            problems.append(f"step {steps} instead of {wanted['iterations']}")
        return not problems, "; ".join(problems)

    def follows(self, model, expected, arrays):
        tool, resume = self.tool, expected["resume"]
        model.run_eagerly = True
        count = min(STEPS, len(resume["logs"]))
        losses = tool.train(model, resume, arrays, resume["first_step"], count)
        wanted = [float(entry["loss"]) for entry in resume["logs"][:count]]
        worst = max(abs(a - b) / max(abs(a), 1e-6) for a, b in zip(wanted, losses))
        return worst <= LOSS_TOLERANCE, f"losses differ by {worst:.2g}"


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.checker = Checker(arguments.shared)
        self.counts = collections.Counter()
        self.possible = collections.Counter()
        self.reasons = []

    def step(self, name, what, function):
        self.possible[what] += 1
        try:
            result = function()
        except Exception as error:  # of whatever kind: it is a failure of this file's
            result = (False, f"{type(error).__name__}: {str(error)[:300]}")
        passed, detail = result if isinstance(result, tuple) else (True, None)
        self.counts[what] += bool(passed)
        if not passed:
            self.reasons.append(f"{name}: {what}: {detail}")
            print(self.reasons[-1], file=sys.stderr, flush=True)
        return result if not isinstance(result, tuple) else None

    def file(self, source, target, form):
        expected = json.loads((source.parent / "expected.json").read_text(encoding="utf-8"))
        name = f"{source.parent.parent.name}/{source.parent.name}"
        self.counts["tried"] += 1
        failure = convert(self.arguments.bin, source, target, form)
        if failure:
            self.reasons.append(f"{name}: converted: {failure}")
            return
        self.counts["converted"] += 1
        model = self.step(name, "loaded", lambda: self.checker.load(target, expected))
        if model is None:
            return
        arrays_path = source.parent / expected.get("arrays", "arrays.npz")
        np = self.checker.tool.np
        arrays = dict(np.load(arrays_path)) if arrays_path.exists() else {}
        self.step(name, "weights", lambda: self.checker.weights(model, expected))
        if expected.get("forward"):
            self.step(name, "outputs", lambda: self.checker.outputs(model, expected, arrays))
        if expected.get("optimizer") and expected["optimizer"].get("variables"):
            self.step(name, "optimizer", lambda: self.checker.optimizer(model, expected))
        if self.arguments.train and expected.get("resume"):
            self.step(name, "follows", lambda: self.checker.follows(model, expected, arrays))
        self.checker.tool.keras.backend.clear_session()

    def all(self, folder):
        version, file, form, suffix, _ = DIRECTIONS[self.arguments.direction]
        for source in sorted((self.arguments.shared / "corpus").glob(f"*/{version}/{file}")):
            case = source.parent.parent.name
            if fnmatch.fnmatch(case, self.arguments.only):
                self.file(source, folder / f"{case}-{source.parent.name}{suffix}", form)

    def report(self):
        known = DIRECTIONS[self.arguments.direction][4] or ("",) * len(COLUMNS)
        print(f"{self.arguments.direction:24}" + "".join(f"{c:>14}" for c in COLUMNS))
        cells = [f"{self.counts[c]}" + (f" of {self.possible[c]}" if c in self.possible else "") for c in COLUMNS]
        print(f"{'here':24}" + "".join(f"{c:>14}" for c in cells))
        print(f"{'known to be possible':24}" + "".join(f"{k!s:>14}" for k in known))
        for reason in self.reasons:
            print("  " + reason)
        complete = self.arguments.only == "*" and known[0] != ""
        wanted = [(c, k) for c, k in zip(COLUMNS, known) if c != "follows" or self.arguments.train]
        return not complete or all(self.counts[c] >= k for c, k in wanted)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--shared", required=True, type=pathlib.Path)
    parser.add_argument("--direction", required=True, choices=DIRECTIONS)
    parser.add_argument("--only", default="*")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--train", action="store_true")
    arguments = parser.parse_args()
    arguments.bin = os.path.abspath(arguments.bin)
    run = Run(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run.all(folder)
    return 0 if run.report() else 1


if __name__ == "__main__":
    sys.exit(main())
