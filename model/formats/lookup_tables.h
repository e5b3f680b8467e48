#pragma once

#include "model/core/json.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <vector>

namespace layerscope::tensorflow {
class MetaGraphDef;
}

namespace layerscope::formats {

struct ObjectGraph;

/// What the table of a lookup layer is filled with when the model is loaded.
struct LookupTable
{
    std::vector<Json> keys; ///< words or whole numbers
    std::vector<Json> values; ///< of each key; empty where keys are counted from zero

    /// The words in the order of their indices, without the special ones, as Keras's `vocabulary`
    /// lists them; `isInverted` where the table leads from indices to words. Null where the table
    /// does not make sense.
    Json vocabulary(bool isInverted) const;
};

/// The tables of all lookup layers, by the layers' numbers among the objects of `meta`. They are
/// constants of the graph that the table's initializer captures, or a file of the folder's assets
/// (seen in files of Keras 2.12 and 2.15).
std::map<std::size_t, LookupTable> readLookupTables(
    const tensorflow::MetaGraphDef& meta, const std::filesystem::path& folder);

/// Puts the words of adapted lookup layers into `model`, the configuration of the model that is
/// object 0: such a layer says `vocabulary: null`, or names a file of the computer where it was
/// made, and could not be made anew from that.
void fillVocabularies(Json& model, const ObjectGraph& graph);

} // namespace layerscope::formats
