#pragma once

#include "model/core/stored_tensor.h"

namespace layerscope::formats {

/// Stands for an array that cannot be read, so that those after it keep their positions: loading
/// it gives `error`.
StoredTensor unreadableArray(Shape shape, Error error);

} // namespace layerscope::formats
