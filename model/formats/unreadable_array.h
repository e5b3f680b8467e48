#pragma once

#include "model/core/stored_tensor.h"

namespace layerscope::formats {

/// Stands for an array that cannot be read, so that those after it keep their positions: loading
/// it gives `error`.
StoredTensor unreadableArray(DType type, Shape shape, Error error);
inline StoredTensor unreadableArray(Shape shape, Error error)
{
    return unreadableArray(DType::Float32, std::move(shape), std::move(error));
}

} // namespace layerscope::formats
