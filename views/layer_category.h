#pragma once

#include "model/network/network.h"

#include <QIcon>

namespace layerscope::views {

/// What kind of work a layer does, for its colour and letter: the families of Netron's colours,
/// which people know.
enum class LayerCategory {
    Model,
    Input,
    Layer, ///< with weights that multiply: Dense, Conv, LSTM …
    Activation,
    Pooling,
    Normalization,
    Dropout,
    Shape, ///< Flatten, Reshape, Permute …
    Tensor, ///< Add, Concatenate, padding …
    Transform, ///< Embedding, Rescaling, preprocessing
    Attention,
    Operation, ///< an operation node of Keras 3 or TensorFlow
    Other,
};

LayerCategory categoryOf(const Layer& layer);

/// Colour of the category's label; white text on it has a contrast of at least 4.5:1 in both
/// themes.
QColor categoryColor(LayerCategory category);

/// A small label with the category's colour and letter.
QIcon categoryIcon(LayerCategory category);

} // namespace layerscope::views
