#!/usr/bin/env python3
"""Writes the .npy and .npz files of this folder with NumPy itself (1.24; any later one gives the same values).

What each holds is said again in tests/model/containers/tst_npz.cpp, by hand.
"""
import pathlib
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
MATRIX = np.arange(6, dtype="float32").reshape(2, 3) / 4


def save(name, array, version=None):
    with open(HERE / name, "wb") as file:
        np.lib.format.write_array(file, array, version=version)


save("float32_c_order.npy", MATRIX)
save("float32_fortran_order.npy", np.asfortranarray(np.arange(24, dtype="float32").reshape(2, 3, 4)))
save("float64_big_endian.npy", np.array([1.5, -2.0, np.inf], dtype=">f8"))
save("int16_big_endian_fortran.npy", np.asfortranarray(np.array([[1, 2, 3], [-4, 5, 600]], dtype=">i2")))
save("bool.npy", np.array([True, False, True]))
save("scalar_int64.npy", np.array(-7, dtype="int64"))
save("empty.npy", np.zeros((0, 3), dtype="uint8"))
save("half.npy", np.array([0.5, 65504, np.nan], dtype="float16"))
save("complex.npy", np.array([1 + 2j, -0.5j], dtype="complex64"))
save("complex_big_endian.npy", np.array([1 + 2j, -0.5j], dtype=">c8"))
save("bytes.npy", np.array([b"ab", b"", b"abcd"]))
save("text.npy", np.array([["a", "gr\u00fc\u00df"], ["", "\U0001f40d"]]))
save("text_big_endian.npy", np.array(["x", "yz"]).astype(">U2"))
save("version_2.npy", MATRIX, (2, 0))
save("version_3.npy", MATRIX, (3, 0))
save("pickle.npy", np.array([{"a": 1}], dtype=object))
save("structured.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
save("dates.npy", np.zeros(2, dtype="M8[s]"))
np.savez(HERE / "stored.npz", input_0=MATRIX, **{"layer:model/dense:0:0": np.array([1, 2], dtype="int32"), "gr\u00fc\u00df": MATRIX.T})
np.savez_compressed(HERE / "deflated.npz", zeros=np.zeros((64, 64), dtype="float32"), text=np.array(["a", "b"]))
data = (HERE / "stored.npz").read_bytes()
(HERE / "truncated.npz").write_bytes(data[: len(data) // 2])
broken = bytearray(data)
broken[data.index(b"\x93NUMPY") + 128 + 5] ^= 0xFF  # a data byte of the first member: its checksum no longer fits
(HERE / "wrong_checksum.npz").write_bytes(broken)
(HERE / "short.npy").write_bytes((HERE / "float32_c_order.npy").read_bytes()[:-1])
header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }"
(HERE / "shape_overflow.npy").write_bytes(b"\x93NUMPY\x01\x00" + (len(header) + 1).to_bytes(2, "little") + header + b"\n")
header = b'{"shape":(2L,),"fortran_order":False,"descr":"<i4"}'  # other order, quotes and spaces; Python 2's long
(HERE / "other_spelling.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\x01\0\0\0\x02\0\0\0")
with zipfile.ZipFile(HERE / "not_arrays.npz", "w") as archive:
    archive.writestr("readme.txt", "no array here")
