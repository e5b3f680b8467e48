#pragma once

// Internal to model/containers: the only header that shows HDF5's own types.

#include "model/containers/hdf5.h"

#include <hdf5.h>

namespace layerscope::containers::library {

static_assert(sizeof(hid_t) == sizeof(std::int64_t));

/// To be called first by whatever calls HDF5: printing of errors is a setting of each thread.
void prepare();

/// An Error that says `what` failed, or what the system refused where HDF5 quotes that. Clears
/// HDF5's error stack.
Error failure(ErrorKind kind, const std::string& what);

/// Type of an array element in memory; an invalid id for String.
Hdf5Id memoryType(DType type);

/// What an HDF5 type is to us.
Result<DType> dtypeOf(hid_t type);

/// Whether values of the file type `type` lie in the file as `dtype` lies in memory.
bool isNative(hid_t type, DType dtype);

/// Texts of a string type, `count` elements at `read`'s mercy: it is given a buffer and a memory
/// type and fills it (H5Aread or H5Dread).
Result<std::vector<std::string>> readTexts(hid_t fileType, hid_t space, std::uint64_t available,
    const std::function<herr_t(hid_t memoryType, void* buffer)>& read);

} // namespace layerscope::containers::library
