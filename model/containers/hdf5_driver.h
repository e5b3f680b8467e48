#pragma once

// Internal to model/containers.

#include "model/containers/hdf5_library.h"

namespace layerscope::containers::library {

/// Access properties with which H5Fopen reads the open file `file` itself, whatever has become of
/// its name, and no byte beyond its end. The name given to H5Fopen is not used.
Hdf5Id accessTo(const MappedFile& file);

} // namespace layerscope::containers::library
