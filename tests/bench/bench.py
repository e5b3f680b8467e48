"""Layerscope beside Keras, h5py, NumPy and cp, measured in one run: see tests/bench/run.

Both sides of a comparison take turns, each in a process of its own; times are of the whole process (CPU) and of
the clock (wall), and the table shows minimum and median. Data are random with a fixed seed, models are made by the
real Keras and saved, so that Layerscope trains the very file.
"""
import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Steps an epoch by net: an epoch takes each side some tenths of a second.
NETS = {"toy": 1000, "mlp": 100, "cnn": 12, "lstm": 40}
TITLES = {"toy": "MLP 2-8-8-1", "mlp": "MLP 784-512-512-10", "cnn": "CNN 28x28", "lstm": "LSTM 64 over 50x32"}
GOALS = {"toy": 1 / 100, "mlp": 1 / 2, "cnn": 1.0}  # of the CPU time of fit, at batch 32
MODES = {"fit": "fit", "spe": "steps_per_execution", "batch": "train_on_batch"}


class Worker:
    """A process that answers each line with a line of JSON."""

    def __init__(self, command, env=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if env else None,
            text=True, env=env)

    def ask(self, line=""):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        while True:
            answer = self.process.stdout.readline()
            if not answer:
                raise SystemExit(f"{self.process.args[0]} ended with status {self.process.wait()}")
            if answer.startswith("{"):
                return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def keras_environment(threads):
    return dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", BENCH_THREADS=str(threads),
                OMP_NUM_THREADS=str(threads))


# ------------------------------------------------------------------ the side of Keras, in a process of its own

def make_model(keras, net):
    layers = keras.layers
    dense = layers.Dense
    if net == "toy":
        parts = [layers.Input((2,)), dense(8, "relu"), dense(8, "relu"), dense(1)]
    elif net == "mlp":
        parts = [layers.Input((784,)), dense(512, "relu"), dense(512, "relu"), dense(10)]
    elif net == "cnn":
        parts = [layers.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"),
                 layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
                 dense(128, "relu"), dense(10)]
    else:
        parts = [layers.Input((50, 32)), layers.LSTM(64), dense(10)]
    model = keras.Sequential(parts)
    loss = "mse" if net == "toy" else keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss)
    return model


def keras_worker():
    import numpy as np
    import tensorflow as tf
    threads = int(os.environ["BENCH_THREADS"])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    from tensorflow import keras
    ready = {}

    def make(order):
        keras.utils.set_random_seed(1)
        net, rows = order["net"], order["rows"]
        model = keras.applications.VGG16(weights=None) if net == "vgg16" else make_model(keras, net)
        model.save(order["model"])
        if rows:
            random = np.random.default_rng(2)
            x = random.standard_normal((rows,) + model.input_shape[1:], dtype=np.float32)
            y = (random.standard_normal((rows, 1), dtype=np.float32) if net == "toy"
                 else random.integers(0, 10, rows, dtype=np.int64))
            np.savez(order["data"], x=x, y=y)
        return {"parameters": model.count_params()}

    def epoch(order):
        key = (order["model"], order["batch"], order["mode"])
        if key not in ready:
            model = keras.models.load_model(order["model"])
            data = np.load(order["data"])
            x, y = data["x"], data["y"]
            if order["mode"] == "spe":
                model.compile(optimizer=model.optimizer, loss=model.loss,
                              steps_per_execution=len(x) // order["batch"])
            ready[key] = model, x, y
        model, x, y = ready[key]
        batch = order["batch"]
        steps = len(x) // batch
        cpu, wall = time.process_time(), time.perf_counter()
        if order["mode"] == "batch":
            losses = [model.train_on_batch(x[i:i + batch], y[i:i + batch]) for i in range(0, len(x), batch)]
            loss = float(np.mean(losses))
        else:
            loss = model.fit(x, y, batch_size=batch, shuffle=False, verbose=0).history["loss"][0]
        return {"cpu_us": 1e6 * (time.process_time() - cpu) / steps,
                "wall_us": 1e6 * (time.perf_counter() - wall) / steps, "loss": loss}

    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(make(order) if order["do"] == "make" else epoch(order)), flush=True)


# ------------------------------------------------------------------ (a) training

def low_and_middle(values):
    return f"{min(values):.1f} / {statistics.median(values):.1f}"


def compare_training(options, folder, net, batch, threads, keras):
    steps = max(NETS[net] * 32 // batch, 4)
    order = {"model": f"{folder}/{net}.h5", "data": f"{folder}/{net}-{batch}.npz", "net": net, "batch": batch}
    if not os.path.exists(order["data"]):
        keras.ask(json.dumps(dict(order, do="make", rows=steps * batch)))
    ours = Worker([f"{options.bin}/tests/bench_training", order["model"], order["data"], str(batch), str(threads)])
    times = {name: [] for name in ("ours", *options.modes)}
    try:
        for turn in range(options.rounds + 1):
            answers = {"ours": ours.ask()}
            for mode in options.modes:
                answers[mode] = keras.ask(json.dumps(dict(order, do="epoch", mode=mode)))
            if turn == 0:  # the first is warm-up, and shows whether both do the same
                first = answers
                continue
            for name, answer in answers.items():
                times[name].append(answer)
    finally:
        ours.close()
    print(f"\n{TITLES[net]}, batch {batch}, {threads} thread{'s' if threads > 1 else ''}: "
          f"microseconds a step, minimum / median of {options.rounds}")
    print(f"  {'':22}{'CPU':>22}{'wall':>22}{'CPU ratio':>12}{'wall ratio':>12}{'first loss':>14}")
    for name in times:
        cpu = [answer["cpu_us"] for answer in times[name]]
        wall = [answer["wall_us"] for answer in times[name]]
        ratios = [""] * 2
        if name != "ours":
            ratios = [f"{statistics.median(a[key] / b[key] for a, b in zip(times['ours'], times[name])):.4f}"
                      for key in ("cpu_us", "wall_us")]
        print(f"  {'Layerscope' if name == 'ours' else 'Keras ' + MODES[name]:22}{low_and_middle(cpu):>22}"
              f"{low_and_middle(wall):>22}{ratios[0]:>12}{ratios[1]:>12}{first[name]['loss']:>14.6f}")
    off = abs(first["ours"]["loss"] / first[options.modes[0]]["loss"] - 1)
    verdicts = [f"losses differ by {off:.1e}" + (" – NOT the same training" if off > 1e-3 else "")]
    if net in GOALS and batch == 32 and "fit" in times:
        ratio = statistics.median(a["cpu_us"] / b["cpu_us"] for a, b in zip(times["ours"], times["fit"]))
        verdicts.append(f"goal {GOALS[net]:g} of fit's CPU time: {'met' if ratio <= GOALS[net] else 'MISSED'}")
    print("  " + "; ".join(verdicts), flush=True)


def training(options, folder):
    for threads in options.threads:
        keras = Worker([sys.executable, __file__, "--keras-worker"], keras_environment(threads))
        for net in options.nets:
            for batch in options.batches:
                compare_training(options, folder, net, batch, threads, keras)
        keras.close()


# ------------------------------------------------------------------ (b) opening, (c) saving, (d) very large files

def vgg16(options, folder):
    path = options.vgg16 or f"{folder}/vgg16.h5"
    if not os.path.exists(path):
        keras = Worker([sys.executable, __file__, "--keras-worker"], keras_environment(2))
        keras.ask(json.dumps({"do": "make", "net": "vgg16", "model": path, "rows": 0}))
        keras.close()
    return path


def run(command, **keywords):
    """Standard output, CPU seconds, wall seconds and peak resident MB of a process."""
    wall = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **keywords)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return text, usage.ru_utime + usage.ru_stime, time.perf_counter() - wall, usage.ru_maxrss / 1024


def time_open(options, path):
    environment = dict(os.environ, QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM", "offscreen"))
    text, *_ = run([f"{options.bin}/app/layerscope", "--time-open", path], env=environment)
    return {key: float(value) for key, value in (line.split() for line in text.splitlines() if " " in line)}


def show_window(options, path, rounds):
    figures = [time_open(options, path) for _ in range(rounds)]
    for key, title in (("opened_ms", "structure read"), ("tree_ms", "tree on screen"),
                       ("statistics_ms", "all histograms, in the background")):
        print(f"  {title:40}{low_and_middle([f[key] for f in figures]):>20} ms")
    memory = max(f["rss_anon_kb"] for f in figures) / 1024
    settled = max(f["settled_rss_anon_kb"] for f in figures) / 1024
    print(f"  {'resident memory, files not counted':40}{memory:>20.0f} MB, {settled:.0f} MB with the histograms",
          flush=True)
    return min(f["tree_ms"] for f in figures), max(memory, settled)


WALK = """
import h5py, sys
with h5py.File(sys.argv[1]) as f:
    f.visititems(lambda name, item: (dict(item.attrs), getattr(item, 'shape', None)) and None)
"""
HISTOGRAMS = """
import h5py, numpy, sys
def look(name, item):
    if hasattr(item, 'shape'):
        v = item[()]
        v.min(), v.max(), v.mean(), v.std(), numpy.count_nonzero(v == 0), numpy.isnan(v).sum(), numpy.histogram(v, 100)
with h5py.File(sys.argv[1]) as f:
    f.visititems(look)
"""


def opening(options, folder):
    path = vgg16(options, folder)
    print(f"\nOpening VGG16, {os.path.getsize(path) / 1e6:.0f} MB .h5, in the window; minimum / median of {options.rounds}")
    tree, memory = show_window(options, path, options.rounds)
    print(f"  goals: tree within 60 ms {'met' if tree <= 60 else 'MISSED'}; "
          f"under 120 MB {'met' if memory < 120 else 'MISSED'}")
    rows = [("layerscope inspect", [f"{options.bin}/app/layerscope", "inspect", path]),
            ("h5py: walk all groups", [sys.executable, "-c", WALK, path]),
            ("layerscope: histograms", [f"{options.bin}/tests/bench_statistics", path]),
            ("h5py + numpy: histograms", [sys.executable, "-c", HISTOGRAMS, path])]
    taken = {title: [] for title, _ in rows}
    for _ in range(options.rounds):
        for title, command in rows:
            taken[title].append(run(command)[1:])
    print(f"  {'whole processes':40}{'CPU ms':>20}{'wall ms':>20}{'peak MB':>10}")
    for title, figures in taken.items():
        print(f"  {title:40}{low_and_middle([1e3 * f[0] for f in figures]):>20}"
              f"{low_and_middle([1e3 * f[1] for f in figures]):>20}{max(f[2] for f in figures):>10.0f}")


def copy_and_sync(source, target):
    """cp, then sync of the copy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter()
    subprocess.run(["cp", source, target], check=True)
    subprocess.run(["sync", target], check=True)
    taken = time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall_s": taken, "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def saving(options, folder):
    path = vgg16(options, folder)
    for kind, name in (("h5-keras2", "saved.h5"), ("keras2.15", "saved.keras"), ("savedmodel", "saved")):
        ours, copies = [], []
        target = f"{folder}/{name}"
        for _ in range(options.rounds):
            copies.append(copy_and_sync(path, f"{folder}/copy.h5"))
            os.remove(f"{folder}/copy.h5")
            command = [f"{options.bin}/tests/bench_saving", path, target, kind]
            answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if answer.returncode:
                print(f"\nSaving as {kind}: {answer.stderr.strip()}")
                break
            ours.append(json.loads(answer.stdout))
            shutil.rmtree(target) if os.path.isdir(target) else os.remove(target)
        if not ours:
            continue
        ratio = statistics.median(a["wall_s"] / b["wall_s"] for a, b in zip(ours, copies))
        print(f"\nSaving {ours[0]['bytes'] / 1e6:.0f} MB as {kind}, every weight changed, read back and compared; "
              f"minimum / median of {len(ours)}")
        for title, figures in (("Layerscope", ours), ("cp and sync", copies)):
            print(f"  {title:40}{low_and_middle([1e3 * f['wall_s'] for f in figures]):>20} ms"
                  f"{low_and_middle([1e3 * f['cpu_s'] for f in figures]):>20} ms CPU")
        print(f"  ratio {ratio:.2f}; goal 1.3: {'met' if ratio <= 1.3 else 'MISSED'}", flush=True)


def large(options, folder):
    for kind in ("savedmodel", "keras"):
        path = f"{folder}/large" + (".keras" if kind == "keras" else "")
        subprocess.run([sys.executable, f"{HERE}/make_large.py", kind, path], check=True)
        print(f"\nOpening a {kind} of 10 GB (sparse); minimum / median of {options.rounds}")
        try:
            figures = []
            for _ in range(options.rounds):
                figures.append(run([f"{options.bin}/app/layerscope", "inspect", path])[1:])
            wall = [1e3 * f[1] for f in figures]
            peak = max(f[2] for f in figures)
            print(f"  {'layerscope inspect, whole process':40}{low_and_middle(wall):>20} ms, peak {peak:.0f} MB")
            environment = dict(os.environ, QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM", "offscreen"))
            tree = []
            for _ in range(options.rounds):
                process = subprocess.Popen([f"{options.bin}/app/layerscope", "--time-open", path],
                                           stdout=subprocess.PIPE, text=True, env=environment)
                shown = {}
                while len(shown) < 3:  # the histograms of 10 GB are not waited for
                    line = process.stdout.readline().split()
                    if len(line) != 2:
                        raise SystemExit("the window did not open it")
                    shown[line[0]] = float(line[1])
                process.terminate()
                process.wait()
                tree.append(shown)
            memory = max(t["rss_anon_kb"] for t in tree) / 1024
            least = min(t["tree_ms"] for t in tree)
            print(f"  {'tree on screen':40}{low_and_middle([t['tree_ms'] for t in tree]):>20} ms, {memory:.0f} MB")
            print(f"  goals: 150 ms {'met' if least <= 150 else 'MISSED'}; 200 MB {'met' if memory < 200 else 'MISSED'}")
        except SystemExit as error:
            print(f"  not opened: {error}")
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


PARTS = {"training": training, "opening": opening, "saving": saving, "large": large}


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all unless told")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--nets", default=",".join(NETS), help="of %(default)s")
    parser.add_argument("--batches", default="32,128")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--modes", default="fit,spe,batch", help="of Keras: fit, spe (steps_per_execution), batch")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side that are counted")
    parser.add_argument("--temporary", help="a folder for 15 GB of files (sparse ones: 1.5 GB); removed afterwards")
    parser.add_argument("--vgg16", help="a .h5 to use instead of making VGG16")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(unknown)}")
    options.nets = options.nets.split(",")
    options.modes = options.modes.split(",")
    options.batches = [int(part) for part in options.batches.split(",")]
    options.threads = [int(part) for part in options.threads.split(",")]
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}: on a busy machine trust CPU times and ratios only")
    with tempfile.TemporaryDirectory(prefix="layerscope-bench-", dir=options.temporary) as folder:
        for part in options.parts or PARTS:
            PARTS[part](options, folder)


if __name__ == "__main__":
    keras_worker() if sys.argv[1:] == ["--keras-worker"] else main()
