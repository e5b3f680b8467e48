#!/usr/bin/env python3
"""A very large saved model whose values are a hole in a sparse file: make_large.py savedmodel|keras OUT [GIGABYTES]

Structure, indexes and headers are real; only zeros stand where the values are, and take no room on the disk.
"""
import json
import os
import struct
import sys
import zipfile
import zlib

LAYERS = 100


def layer_names():
    return [f"dense_{i}" for i in range(LAYERS)]


def units_for(total):
    """Width of square Dense layers that take `total` bytes together."""
    return int((total / 4 / LAYERS) ** 0.5)


# ------------------------------------------------------------------ .keras: a stored zip with an HDF5 file of holes

def write_weights(path, units):
    import h5py
    with h5py.File(path, "w", libver="earliest") as file:
        for name in layer_names():
            group = file.create_group(f"layers/{name}/vars")
            for variable, shape in (("0", (units, units)), ("1", (units,))):
                made = h5py.h5d.create(
                    group.id, variable.encode(), h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(shape), early_holes())
                made.close()
        file.create_group("optimizer/vars")


def early_holes():
    """Room for the values at once, nothing written into it."""
    import h5py
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    return properties


def architecture(units):
    layers = [{"module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
               "config": {"batch_shape": [None, units], "dtype": "float32", "name": "input_layer"}}]
    for name in layer_names():
        layers.append({"module": "keras.layers", "class_name": "Dense", "registered_name": None,
                       "config": {"name": name, "trainable": True, "dtype": "float32", "units": units,
                                  "activation": "linear", "use_bias": True},
                       "build_config": {"input_shape": [None, units]}})
    return {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "config": {"name": "large", "trainable": True, "dtype": "float32", "layers": layers,
                       "build_input_shape": [None, units]},
            "build_config": {"input_shape": [None, units]}}


def times(matrix, vector):
    """A matrix over bits, given by its columns, times a vector of bits."""
    result = 0
    for column in matrix:
        if vector & 1:
            result ^= column
        vector >>= 1
    return result


def crc_after_zeros(crc, count):
    """CRC-32 of something with `crc` and then `count` zero bytes, without reading them."""
    step = [0xEDB88320] + [1 << i for i in range(31)]  # what a zero bit does to the register
    for _ in range(3):
        step = [times(step, column) for column in step]
    register = crc ^ 0xFFFFFFFF
    while count:
        if count & 1:
            register = times(step, register)
        step = [times(step, column) for column in step]
        count >>= 1
    return register ^ 0xFFFFFFFF


def pieces(source):
    """(offset, bytes) of what a sparse file really holds."""
    with open(source, "rb") as file:
        at, size = 0, os.path.getsize(source)
        while at < size:
            try:
                begin = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing but a hole follows
                return
            at = os.lseek(file.fileno(), begin, os.SEEK_HOLE)
            yield begin, os.pread(file.fileno(), at - begin, begin)


def crc_of(source):
    crc = at = 0
    for begin, data in pieces(source):
        crc = zlib.crc32(data, crc_after_zeros(crc, begin - at))
        at = begin + len(data)
    return crc_after_zeros(crc, os.path.getsize(source) - at)


def copy_sparse(source, target):
    """`source` into the open file `target`, its holes staying holes."""
    start = target.tell()
    for begin, data in pieces(source):
        target.seek(start + begin)
        target.write(data)
    target.seek(start + os.path.getsize(source))


def make_keras(path, total):
    units = units_for(total)
    weights = path + ".weights"
    write_weights(weights, units)
    members = [("metadata.json", json.dumps({"keras_version": "3.15.0", "date_saved": "2026-11-27@12:00:00"})),
               ("config.json", json.dumps(architecture(units)))]
    size = os.path.getsize(weights)
    with open(path, "wb") as out:
        entries = []
        for name, text in members:
            data = text.encode()
            entries.append((name, zlib.crc32(data), len(data), out.tell()))
            out.write(local_header(*entries[-1][:3]) + data)
        entries.append(("model.weights.h5", crc_of(weights), size, out.tell()))
        out.write(local_header(*entries[-1][:3]))
        copy_sparse(weights, out)
        write_directory(out, entries)
    os.remove(weights)


def zip64(*numbers):
    return struct.pack("<HH", 1, 8 * len(numbers)) + b"".join(struct.pack("<Q", n) for n in numbers)


def local_header(name, crc, size):
    extra = zip64(size, size)
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45, 0, zipfile.ZIP_STORED, 0, 0x21, crc, 0xFFFFFFFF, 0xFFFFFFFF,
                       len(name), len(extra)) + name.encode() + extra


def write_directory(out, entries):
    start = out.tell()
    for name, crc, size, offset in entries:
        extra = zip64(size, size, offset)
        out.write(struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45, 0, zipfile.ZIP_STORED, 0, 0x21, crc,
                              0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0, 0xFFFFFFFF)
                  + name.encode() + extra)
    end = out.tell()
    out.write(struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, len(entries), len(entries), end - start, start))
    out.write(struct.pack("<4sIQI", b"PK\6\7", 0, end, 1))
    out.write(struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))


# ------------------------------------------------------------------ SavedModel: TensorFlow writes it small, then it grows

def make_savedmodel(path, total):
    """The real TensorFlow saves the model with tiny weights; shapes in the index and the length of the data file are
    then those of the large one."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf
    from tensorflow.python.framework import meta_graph  # noqa: F401 (the generated protobuf classes come with it)
    del meta_graph
    units = units_for(total)
    module = tf.Module()
    module.kernels = [tf.Variable(tf.zeros((1, 1)), name=f"{name}/kernel") for name in layer_names()]
    tf.saved_model.save(module, path)
    graph = f"{path}/saved_model.pb"
    from tensorflow.core.protobuf import saved_model_pb2
    model = saved_model_pb2.SavedModel()
    with open(graph, "rb") as file:
        model.ParseFromString(file.read())
    for node in model.meta_graphs[0].object_graph_def.nodes:
        if node.HasField("variable") and len(node.variable.shape.dim) == 2:
            for dimension in node.variable.shape.dim:
                dimension.size = units
    with open(graph, "wb") as file:
        file.write(model.SerializeToString())
    grow_bundle(f"{path}/variables/variables", units)


def grow_bundle(prefix, units):
    """Rewrites the index of a tensor bundle: each [1, 1] tensor becomes [units, units], one after the other."""
    from tensorflow.core.protobuf import tensor_bundle_pb2
    import tensorflow as tf
    reader = tf.train.load_checkpoint(prefix)
    shapes = reader.get_variable_to_shape_map()
    with open(f"{prefix}.data-00000-of-00001", "rb") as file:
        old = file.read()
    table = read_table(f"{prefix}.index")
    moved, small, at = {}, [], 0
    for key, value in table:
        if not key:
            continue
        entry = tensor_bundle_pb2.BundleEntryProto.FromString(value)
        if shapes.get(key.decode()) == [1, 1]:
            for dimension in entry.shape.dim:
                dimension.size = units
            entry.offset, entry.size = at, 4 * units * units
            entry.ClearField("crc32c")
            at += entry.size
        else:
            small.append((key, entry, old[entry.offset:entry.offset + entry.size]))
        moved[key] = entry
    data = f"{prefix}.data-00000-of-00001"
    with open(data, "wb") as file:
        file.truncate(at)
        file.seek(at)
        for key, entry, content in small:
            moved[key].offset = file.tell()
            file.write(content)
    write_table(f"{prefix}.index", [(key, moved[key].SerializeToString() if key else value) for key, value in table])


def varint(number):
    parts = bytearray()
    while number >= 128:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def take_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def read_block(data, at, size):
    """Entries of an uncompressed block of a LevelDB table."""
    if data[at + size] != 0:
        raise SystemExit("make_large: the index is compressed")
    restarts = struct.unpack_from("<I", data, at + size - 4)[0]
    end, key, entries = at + size - 4 - 4 * restarts, b"", []
    while at < end:
        shared, at = take_varint(data, at)
        own, at = take_varint(data, at)
        length, at = take_varint(data, at)
        key = key[:shared] + data[at:at + own]
        entries.append((key, data[at + own:at + own + length]))
        at += own + length
    return entries


def read_table(path):
    with open(path, "rb") as file:
        data = file.read()
    _, at = take_varint(data, len(data) - 48)
    _, at = take_varint(data, at)
    offset, at = take_varint(data, at)
    size, at = take_varint(data, at)
    entries = []
    for _, handle in read_block(data, offset, size):
        begin, where = take_varint(handle, 0)
        length, _ = take_varint(handle, where)
        entries += read_block(data, begin, length)
    return entries


def crc32c(data):
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def block(entries):
    body = b"".join(varint(0) + varint(len(k)) + varint(len(v)) + k + v for k, v in entries)
    return body + struct.pack("<II", 0, 1)


def write_table(path, entries):
    """A LevelDB table of one data block, uncompressed, as TensorFlow reads it."""
    with open(path, "wb") as file:
        def put(body):
            at = file.tell()
            crc = crc32c(body + b"\0")
            masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
            file.write(body + b"\0" + struct.pack("<I", masked))
            return varint(at) + varint(len(body))
        data = put(block(entries))
        meta = put(block([]))
        index = put(block([(entries[-1][0] + b"\xff", data)]))
        footer = meta + index
        file.write(footer + b"\0" * (40 - len(footer)) + struct.pack("<Q", 0xDB4775248B80FB57))


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("savedmodel", "keras"):
        raise SystemExit(__doc__.splitlines()[0])
    size = int(float(sys.argv[3]) * 1e9) if len(sys.argv) > 3 else 10_000_000_000
    (make_keras if sys.argv[1] == "keras" else make_savedmodel)(sys.argv[2], size)
