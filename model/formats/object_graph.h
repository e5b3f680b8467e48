#pragma once

#include "model/containers/tensor_bundle.h"
#include "model/core/json.h"
#include "model/formats/lookup_tables.h"
#include "model/network/function_graph.h"
#include "model/network/network.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::formats {

/// Number of an object in a checkpoint's object graph.
using ObjectId = std::size_t;

/// Where a checkpoint keeps its object graph.
constexpr const char* objectGraphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";

/// Bytes of the longest message that protobuf reads, and so of saved_model.pb.
constexpr std::uint64_t longestMessage = (std::uint64_t{ 1 } << 31U) - 1;

/// The slot that a Keras optimizer of the older kind keeps for a variable.
struct SlotEdge
{
    ObjectId variable = 0;
    std::string slot; ///< "m", "v", "momentum" …
    ObjectId value = 0;
};

/// One Python object that TensorFlow tracked: a model, a layer, a list, a variable.
struct TrackedObject
{
    std::vector<std::pair<std::string, ObjectId>>
        children; ///< attribute names, in the file's order
    std::vector<SlotEdge> slots;
    std::string checkpointKey; ///< of a variable's value; empty for other objects
    std::string fullName; ///< "dense/kernel", where the checkpoint says it

    // Only where saved_model.pb was there:
    bool isVariable = false;
    bool trainable = true;
    std::string variableName;
    std::optional<std::pair<DType, Shape>> declared; ///< of a variable
    std::string identifier; ///< "_tf_keras_layer" …
    Json metadata; ///< what Keras says about the object; null where nothing
    std::optional<LookupTable> table; ///< of a lookup layer

    std::optional<ObjectId> child(std::string_view name) const;
};

/// The object graph of a SavedModel or of a checkpoint, with the arrays beside it. Object 0 is the
/// root. Bounded: references to objects that are not there are dropped when it is read.
struct ObjectGraph
{
    std::vector<TrackedObject> objects;
    containers::TensorBundle bundle;
    std::filesystem::path prefix = {}; ///< of the bundle
    bool hasObjects = true; ///< false where the checkpoint lists none
    std::vector<Problem> problems = {}; ///< what was found to be damaged or odd on the way

    const TrackedObject& operator[](ObjectId id) const { return objects[id]; }

    /// Follows "cell/kernel" from an object.
    std::optional<ObjectId> find(ObjectId from, std::string_view path) const;

    /// The children "0", "1", … of a list object, in order.
    std::vector<ObjectId> list(ObjectId list) const;

    /// Value of a variable object. Errors: NotFound when the checkpoint does not hold it
    Result<StoredTensor> value(ObjectId variable) const;
};

/// The objects of the checkpoint at `prefix`: those of its object graph, or, in checkpoints of
/// TensorFlow 1, which has none, a variable below an empty root for each key. Errors  those of
/// TensorBundle::open; Corrupt
Result<ObjectGraph> openObjectGraph(const std::filesystem::path& prefix);

/// The objects that saved_model.pb of `folder` lists, for a SavedModel whose checkpoint cannot be
/// read, because of `reason`: everything but the values.
/// Errors  Corrupt when saved_model.pb cannot be read either
Result<ObjectGraph> openObjectsWithoutValues(
    const std::filesystem::path& folder, const Error& reason);

/// What a SavedModel folder says beyond its checkpoint.
struct SavedModelFacts
{
    std::string tensorflowVersion;
    bool hasKerasMetadata = false;
    std::vector<std::string> signatures; ///< names of the functions that can be called
    /// Where Keras says nothing: what there is to look at instead of layers.
    std::shared_ptr<const std::vector<FunctionGraph>> functions;
    std::uint64_t bytes = 0; ///< of all files read
};

/// Adds to `graph` what saved_model.pb and keras_metadata.pb of `folder` say about its objects:
/// which are variables and trainable, identifiers, Keras's metadata.
Result<SavedModelFacts> describeObjects(const std::filesystem::path& folder, ObjectGraph& graph);

/// JSON of Keras's SavedModel metadata with its wrapped tuples and shapes as plain lists.
Json plainMetadata(const Json& metadata);

} // namespace layerscope::formats
