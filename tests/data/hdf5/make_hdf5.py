#!/usr/bin/env python3
"""Makes the HDF5 files of this folder with h5py, the library that Keras writes its files with.

    python make_hdf5.py          (needs h5py and numpy; made with h5py 3.16, numpy 2.4)

values.h5 holds the same numbers, 0.5 * k - 1 for k = 0 … 11 in shape [3, 4], in every way that a
dataset can hold them; odd.h5 what must be refused; texts.h5 attributes; latest.h5 the newest layout
of HDF5; user_block.h5 512 bytes of something else first.
"""
import h5py
import numpy as np

numbers = (0.5 * np.arange(12) - 1).reshape(3, 4)


def fixed(group, name, value, size, charset, padding):
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(size)
    kind.set_cset(charset)
    kind.set_strpad(padding)
    space = h5py.h5s.create(h5py.h5s.SCALAR)
    h5py.h5a.create(group.id, name, kind, space).write(np.array(value, dtype=f"S{size}"), mtype=kind)


with h5py.File("values.h5", "w") as file:
    for name, kind in {"float32": "<f4", "float64": "<f8", "float16": "<f2", "big_endian": ">f4", "big_endian_64": ">f8",
                       "int8": "i1", "int64": "<i8", "big_endian_int": ">i4", "uint16": "<u2", "complex64": "<c8"}.items():
        file[name] = np.trunc(numbers).astype(kind) if "int" in name else numbers.astype(kind)
    file["bool"] = numbers > 0
    file["bfloat16"] = (numbers.astype("<f4").view("<u4") >> 16).astype("<u2").view("V2")
    file["scalar"] = np.int64(7)
    file["empty"] = np.zeros((0, 5), "f4")
    file.create_dataset("chunked", data=numbers.astype("f4"), chunks=(2, 3))
    file.create_dataset("gzip", data=numbers.astype("f4"), chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    compact = h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((3, 4)), plist)
    compact.write(h5py.h5s.ALL, h5py.h5s.ALL, numbers.astype("f4"))
    file["texts"] = np.array(["one", "zwei", "três"], dtype=h5py.string_dtype())
    file["fixed_texts"] = np.array([b"one", b"two"], dtype="S5")
    file["deep/er/still"] = numbers.astype("f4")

with h5py.File("odd.h5", "w") as file:
    file["inside"] = numbers.astype("f4")
    file["soft"] = h5py.SoftLink("/inside")
    file["external"] = h5py.ExternalLink("values.h5", "/float32")
    file["group/inner"] = numbers.astype("f4")
    file["group/up"] = file["/"]
    file["compound"] = np.zeros(3, dtype=[("a", "f4"), ("b", "i4")])
    file["enum"] = np.zeros(3, dtype=h5py.enum_dtype({"LOW": 0, "HIGH": 1}, basetype="i1"))
    file.create_dataset("reference", (2,), dtype=h5py.ref_dtype)
    file.create_dataset("lists", (2,), dtype=h5py.vlen_dtype("f4"))
    file["nothing"] = h5py.Empty("f4")
    file.create_dataset("lzf", data=numbers.astype("f4"), chunks=(2, 3), compression="lzf")
    file.create_dataset("elsewhere", (3, 4), "f4", external=[("elsewhere.bin", 0, 48)])
    layout = h5py.VirtualLayout((3, 4), "f4")
    layout[:] = h5py.VirtualSource("values.h5", "float32", (3, 4))
    file.create_virtual_dataset("virtual", layout)
    file.create_dataset("huge", (2**60,), "f4")
    file.create_dataset("huge_chunks", (2**40,), "f4", chunks=(2**20,))
    file.create_dataset("bomb", (2**24 + 2**23,), "f4", chunks=(2**18,), compression="gzip")[:] = 0
    file.create_dataset("unwritten", (1000,), "f4")

with h5py.File("texts.h5", "w") as file:
    vlen_ascii, vlen_utf8 = h5py.string_dtype("ascii"), h5py.string_dtype("utf-8")
    file.attrs.create("variable_ascii", b'{"a": 1}', dtype=vlen_ascii)
    file.attrs.create("variable_utf8", "é{}", dtype=vlen_utf8)
    h = h5py.h5t
    for name, charset in {"ascii": h.CSET_ASCII, "utf8": h.CSET_UTF8}.items():
        fixed(file, f"terminated_{name}".encode(), b"abc", 8, charset, h.STR_NULLTERM)
        fixed(file, f"null_padded_{name}".encode(), b"abc", 8, charset, h.STR_NULLPAD)
        fixed(file, f"space_padded_{name}".encode(), b"abc     ", 8, charset, h.STR_SPACEPAD)
    file.attrs.create("long", b"x" * 100000, dtype=vlen_ascii)
    file.attrs["number"] = 3.5
    file.attrs["several"] = [b"a", b"bc"]
    file.attrs["variable_names"] = np.array(["dense", "dense_1"], dtype=object)
    file.attrs["no_names"] = np.array([])
    names = [f"layer_with_a_rather_long_name_{i:05}".encode() for i in range(2200)]
    for part, some in enumerate(np.array_split(np.array(names), 2)):
        file.attrs[f"layer_names{part}"] = some

with h5py.File("latest.h5", "w", libver="latest", track_order=True) as file:
    file.attrs["model"] = b"text"
    for i in range(20):
        file[f"many/{19 - i:02}"] = np.float32(i)
        file.attrs[f"attribute_{i}"] = b"value"
    file["numbers"] = numbers.astype("f4")

with h5py.File("user_block.h5", "w", userblock_size=512) as file:
    file["numbers"] = numbers.astype("f4")
    file.attrs["model"] = b"text"
with open("user_block.h5", "r+b") as file:
    file.write(b"something else, 512 bytes of it")
