#pragma once

#include "model/core/json.h"

#include <string>

namespace layerscope::formats {

/// The asset that Keras keeps the words of a lookup layer in, one in each line.
inline constexpr const char* vocabularyFile = "vocabulary.txt";

/// The words in `text`, the content of such a file, as the setting `vocabulary` of the layer lists
/// them: without the special ones that stand before them. Null where the text makes no sense, or is
/// beyond 16 MB or a million words.
/// Source  load_assets() of keras.layers.IndexLookup and TextVectorization
Json vocabularyOfFile(const std::string& text, const std::string& className, const Json& config);

} // namespace layerscope::formats
