#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

/// What "one_hot", "multi_hot", "count" and "tf_idf" make of a shape; "int" keeps it.
OutputShapes encodedShape(PartialShape shape, const std::string& mode, std::int64_t depth)
{
    if (mode == "int")
        return one(std::move(shape));
    if (depth != openDimension && depth <= 0)
        return std::nullopt;
    const bool keeps = mode == "one_hot" && !(shape.size() > 1 && shape.back() == 1);
    if (!keeps && !shape.empty())
        shape.pop_back();
    shape.push_back(depth);
    return one(std::move(shape));
}

OutputShapes categoryEncodingShape(const ShapeRequest& request)
{
    return encodedShape(request.input(), request.config.text("output_mode", "multi_hot"),
        request.config.integer("num_tokens", 0));
}

OutputShapes discretizationShape(const ShapeRequest& request)
{
    const Json& boundaries = request.config.get("bin_boundaries");
    const auto depth = boundaries.is_array() ? static_cast<std::int64_t>(boundaries.size()) + 1
                                             : request.config.integer("num_bins", 0);
    return encodedShape(request.input(), request.config.text("output_mode", "int"), depth);
}

OutputShapes hashingShape(const ShapeRequest& request)
{
    return encodedShape(request.input(), request.config.text("output_mode", "int"),
        request.config.integer("num_bins", 0));
}

std::int64_t vocabularySize(const LayerConfig& config)
{
    if (config.flag("pad_to_max_tokens", false))
        return config.integer("max_tokens", openDimension);
    if (const auto size = config.integer("vocabulary_size", 0); size > 0)
        return size;
    const Json& vocabulary = config.get("vocabulary");
    if (!vocabulary.is_array())
        return openDimension;
    return static_cast<std::int64_t>(vocabulary.size()) + config.integer("num_oov_indices", 1)
        + (config.has("mask_token") ? 1 : 0);
}

OutputShapes lookupShape(const ShapeRequest& request)
{
    return encodedShape(
        request.input(), request.config.text("output_mode", "int"), vocabularySize(request.config));
}

OutputShapes textVectorizationShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    if (shape.empty())
        return std::nullopt;
    const std::string mode = request.config.text("output_mode", "int");
    if (mode == "int")
        return one({ shape[0], request.config.integer("output_sequence_length", openDimension) });
    shape.resize(1);
    shape.push_back(openDimension);
    return encodedShape(std::move(shape), mode, vocabularySize(request.config));
}

/// Images of a given size: [batch, height, width, channels], the batch axis optional.
OutputShapes imageOfSize(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    const auto height = request.config.integer("height", 0);
    const auto width = request.config.integer("width", 0);
    if ((shape.size() != 3 && shape.size() != 4) || height <= 0 || width <= 0)
        return std::nullopt;
    const std::size_t first = shape.size() - (isChannelsFirst(request.config) ? 2 : 3);
    shape[first] = height;
    shape[first + 1] = width;
    return one(std::move(shape));
}

constexpr LayerType types[] = {
    { .classNames = "Normalization", .shape = sameShape },
    { .classNames = "Rescaling", .shape = sameShape },
    { .classNames = "Resizing", .shape = imageOfSize },
    { .classNames = "CenterCrop RandomCrop", .shape = imageOfSize },
    { .classNames = "CategoryEncoding", .shape = categoryEncodingShape },
    { .classNames = "Discretization", .shape = discretizationShape },
    { .classNames = "Hashing HashedCrossing", .shape = hashingShape, .castsInputs = false },
    { .classNames = "IntegerLookup StringLookup", .shape = lookupShape, .castsInputs = false },
    { .classNames = "TextVectorization", .shape = textVectorizationShape, .castsInputs = false },
};

} // namespace

extern constinit const LayerFamily preprocessing_layers{ types };

} // namespace layerscope::layers
