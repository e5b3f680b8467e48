#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/resizing.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Binary;
using ops::Builder;
using ops::Value;

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

/// Numbers of a configuration: a number, or lists of numbers inside one another, in order.
void flatten(const Json& value, std::vector<double>& numbers)
{
    if (const auto number = numberOf(value))
        numbers.push_back(*number);
    else if (value.is_array())
        for (const Json& item : value)
            flatten(item, numbers);
}

/// Mean or variance of a Normalization: given in the configuration, or learnt and stored as a
/// weight; shaped to broadcast along the axes that are kept apart.
Value statistic(LayerLowering& call, const char* key, std::size_t index, Value x)
{
    Builder& b = call.builder;
    Value value;
    std::int64_t count = 0;
    if (call.config.has(key)) {
        std::vector<double> numbers;
        flatten(call.config.get(key), numbers);
        count = static_cast<std::int64_t>(numbers.size());
        value = b.cast(b.constant(Tensor::of<double>({ count }, numbers)), call.computeType);
    } else {
        value = call.weight(index);
        count = elementCount(b.shape(value)).value_or(0);
    }
    if (count == 1)
        return b.reshape(value, {});
    Shape shape(b.shape(x).size(), 1);
    std::vector<std::int64_t> axes = call.config.list("axis");
    if (axes.empty())
        axes = { -1 };
    for (const std::int64_t axis : axes)
        if (const auto kept = axisOf(axis, shape.size()))
            shape[*kept] = b.shape(x)[*kept];
    return b.reshape(value, shape);
}

std::vector<Value> lowerNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const Value mean = statistic(call, "mean", 0, x);
    const Value deviation
        = b.maximum(b.sqrt(statistic(call, "variance", 1, x)), b.scalar(1e-7, call.computeType));
    if (call.config.flag("invert", false))
        return { b.add(mean, b.multiply(x, deviation)) };
    return { b.divide(b.subtract(x, mean), deviation) };
}

/// A number, or one for each element of the last axis.
Value factor(LayerLowering& call, const char* key, double otherwise, Value x)
{
    std::vector<double> numbers;
    flatten(call.config.get(key), numbers);
    if (numbers.size() < 2)
        return call.builder.scalar(numbers.empty() ? otherwise : numbers[0], call.builder.dtype(x));
    const auto count = static_cast<std::int64_t>(numbers.size());
    return call.builder.cast(
        call.builder.constant(Tensor::of<double>({ count }, numbers)), call.builder.dtype(x));
}

std::vector<Value> lowerRescaling(LayerLowering& call)
{
    const Value x = call.floating();
    return { call.builder.add(
        call.builder.multiply(x, factor(call, "scale", 1, x)), factor(call, "offset", 0, x)) };
}

/// The part of images (channels last) from `begin`, of size `size`, along height and width.
Value cropped(Builder& b, Value images, const Shape& begin, const Shape& size)
{
    std::vector<std::int64_t> from(b.shape(images).size(), 0);
    std::vector<std::int64_t> to(b.shape(images));
    for (std::size_t i = 0; i < 2 && i + 1 < from.size(); ++i) {
        from[i + 1] = begin[i];
        to[i + 1] = begin[i] + size[i];
    }
    return b.slice(images, from, to);
}

/// The largest (or smallest, for `pads`) frame around the image's centre with the target's aspect.
Shape framed(const Shape& lengths, const Shape& target, bool pads)
{
    Shape frame{ lengths[1] * target[0] / target[1], lengths[0] * target[1] / target[0] };
    for (std::size_t i = 0; i < 2; ++i)
        frame[i] = pads ? std::max(frame[i], lengths[i])
                        : std::max<std::int64_t>(std::min(frame[i], lengths[i]), 1);
    return frame;
}

/// Images with a batch axis and channels last, from what the layer is given.
struct Images
{
    Value value;
    bool hadBatch = true;
    bool channelsFirst = false;
};

std::optional<Images> imagesOf(LayerLowering& call)
{
    Images images{ call.floating(), true, isChannelsFirst(call.config) };
    const auto rank = call.builder.shape(images.value).size();
    images.hadBatch = rank == 4;
    if (rank == 3)
        images.value = call.builder.expandDims(images.value, 0);
    constexpr std::int64_t longest = std::int64_t{ 1 } << 30;
    const Shape shape = call.builder.shape(images.value);
    const bool isHuge = std::any_of(
        shape.begin(), shape.end(), [](std::int64_t length) { return length > longest; });
    if ((rank != 3 && rank != 4) || isHuge) {
        call.fail(
            "takes images, its input has shape " + toString(call.builder.shape(images.value)));
        return std::nullopt;
    }
    images.value = toChannelsLast(call.builder, images.value, images.channelsFirst);
    return images;
}

std::vector<Value> finished(LayerLowering& call, const Images& images, Value y)
{
    y = fromChannelsLast(call.builder, y, images.channelsFirst);
    return { images.hadBatch ? y : call.builder.squeeze(y, 0) };
}

Shape targetOf(LayerLowering& call)
{
    const Shape target{ call.config.integer("height", 0), call.config.integer("width", 0) };
    constexpr std::int64_t limit = std::int64_t{ 1 } << 24;
    if (target[0] > 0 && target[1] > 0 && target[0] < limit && target[1] < limit)
        return target;
    call.fail("its height or width makes no sense");
    return { 1, 1 };
}

Value smartlyResized(
    LayerLowering& call, Value images, const Shape& target, const std::string& method)
{
    const Shape lengths = spatialLengths(call.builder, images);
    const Shape frame = framed(lengths, target, false);
    const Shape begin{ (lengths[0] - frame[0]) / 2, (lengths[1] - frame[1]) / 2 };
    return resized(call, cropped(call.builder, images, begin, frame), target, method);
}

std::vector<Value> lowerResizing(LayerLowering& call)
{
    Builder& b = call.builder;
    const auto images = imagesOf(call);
    const Shape target = targetOf(call);
    if (!images || b.error())
        return {};
    const std::string method = call.config.text("interpolation", "bilinear");
    Value x = images->value;
    if (call.config.flag("crop_to_aspect_ratio", false))
        return finished(call, *images, smartlyResized(call, x, target, method));
    if (call.config.flag("pad_to_aspect_ratio", false)) {
        const Shape lengths = spatialLengths(b, x);
        const Shape frame = framed(lengths, target, true);
        const std::int64_t top = (frame[0] - lengths[0]) / 2;
        const std::int64_t left = (frame[1] - lengths[1]) / 2;
        // Keras pads both sides alike, and so leaves an odd one out.
        const std::vector<std::int64_t> margins{ 0, top, left, 0 };
        x = b.pad(x, margins, margins, call.config.number("fill_value", 0));
    }
    return finished(
        call, *images, resized(call, x, target, method, call.config.flag("antialias", false)));
}

std::vector<Value> lowerCenterCrop(LayerLowering& call)
{
    const auto images = imagesOf(call);
    const Shape target = targetOf(call);
    if (!images || call.builder.error())
        return {};
    const Shape lengths = spatialLengths(call.builder, images->value);
    if (lengths[0] < target[0] || lengths[1] < target[1])
        return finished(call, *images, smartlyResized(call, images->value, target, "bilinear"));
    const Shape begin{ (lengths[0] - target[0]) / 2, (lengths[1] - target[1]) / 2 };
    return finished(call, *images, cropped(call.builder, images->value, begin, target));
}

/// Outside of training: scaled so that the crop fills it (as Keras does), since a random place
/// makes no sense there.
std::vector<Value> lowerRandomCrop(LayerLowering& call)
{
    if (call.hasNoise()) {
        call.fail("its random crops cannot be computed here", ErrorKind::Unsupported);
        return {};
    }
    const auto images = imagesOf(call);
    const Shape target = targetOf(call);
    if (!images || call.builder.error())
        return {};
    return finished(call, *images, smartlyResized(call, images->value, target, "bilinear"));
}

/// Whole numbers to "one_hot", "multi_hot" or "count" vectors; "int" leaves them.
std::vector<Value> encoded(
    LayerLowering& call, Value indices, const std::string& mode, std::int64_t depth, Value weights)
{
    Builder& b = call.builder;
    if (mode == "int")
        return { indices };
    constexpr std::int64_t mostTokens = 1 << 24;
    if (depth <= 0 || depth > mostTokens) {
        call.fail("encodes " + std::to_string(depth) + " tokens, which makes no sense");
        return {};
    }
    if (!isInteger(b.dtype(indices)))
        indices = b.cast(indices, DType::Int64);
    const Shape shape = b.shape(indices);
    if (mode == "one_hot") {
        const bool replaces = shape.size() > 1 && shape.back() == 1;
        return { b.oneHot(replaces ? b.squeeze(indices, -1) : indices, depth, call.computeType) };
    }
    Value hot
        = b.oneHot(shape.empty() ? b.expandDims(indices, 0) : indices, depth, call.computeType);
    if (mode == "multi_hot")
        return { b.reduce(ops::Reduction::Max, hot, { -2 }) };
    if (mode == "count") {
        if (weights)
            hot = b.multiply(hot, b.expandDims(b.cast(weights, call.computeType), b.rank(weights)));
        return { b.sum(hot, { -2 }) };
    }
    call.fail("the output mode '" + mode + "' cannot be computed here", ErrorKind::Unsupported);
    return {};
}

std::vector<Value> lowerCategoryEncoding(LayerLowering& call)
{
    const auto weights = call.call.tensor(1, "count_weights");
    return encoded(call, call.input(), call.config.text("output_mode", "multi_hot"),
        call.config.integer("num_tokens", 0), weights ? call.input(*weights) : Value{});
}

/// The number of boundaries that a value has reached.
std::vector<Value> lowerDiscretization(LayerLowering& call)
{
    Builder& b = call.builder;
    std::vector<double> boundaries;
    flatten(call.config.get("bin_boundaries"), boundaries);
    if (boundaries.empty()) {
        call.fail("its boundaries are not in the configuration", ErrorKind::Unsupported);
        return {};
    }
    const auto count = static_cast<std::int64_t>(boundaries.size());
    const Value x = call.floating();
    const Value limits = b.cast(b.constant(Tensor::of<double>({ count }, boundaries)), b.dtype(x));
    const Value reached = b.binary(Binary::GreaterEqual, b.expandDims(x, b.rank(x)), limits);
    const Value indices = b.sum(b.cast(reached, DType::Int32), { -1 });
    return encoded(call, indices, call.config.text("output_mode", "int"), count + 1, {});
}

/// Positions of whole numbers in a vocabulary, behind the mask's and the unknown's places.
std::vector<Value> lowerIntegerLookup(LayerLowering& call)
{
    Builder& b = call.builder;
    std::vector<double> words;
    flatten(call.config.get("vocabulary"), words);
    const std::int64_t unknown = call.config.integer("num_oov_indices", 1);
    const bool hasMask = call.config.has("mask_token");
    if (words.empty() || call.layer.className != "IntegerLookup"
        || call.config.flag("invert", false) || (unknown != 1 && unknown != 0)
        || words.size() > 100'000) {
        call.fail("its vocabulary cannot be looked up here", ErrorKind::Unsupported);
        return {};
    }
    const std::int64_t first = unknown + (hasMask ? 1 : 0);
    const auto count = static_cast<std::int64_t>(words.size());
    const Value x = b.cast(call.input(), DType::Int64);
    const Value table = b.cast(b.constant(Tensor::of<double>({ count }, words)), DType::Int64);
    const Value equal
        = b.cast(b.binary(Binary::Equal, b.expandDims(x, b.rank(x)), table), DType::Int64);
    const Value places = b.add(b.iota(count, DType::Int64), static_cast<double>(first));
    const Value found = b.sum(b.multiply(equal, places), { -1 });
    const Value other = b.subtract(b.scalar(1, DType::Int64), b.sum(equal, { -1 }));
    Value indices
        = b.add(found, b.multiply(other, unknown == 0 ? -1.0 : static_cast<double>(first - 1)));
    if (hasMask) {
        const double mask = call.config.number("mask_token", 0);
        const Value masked = b.binary(Binary::Equal, x, b.scalar(mask, DType::Int64));
        indices = b.select(masked, b.scalar(0, DType::Int64), indices);
    }
    return encoded(call, indices, call.config.text("output_mode", "int"), first + count, {});
}

Clauses imageWords(const ExplanationRequest& about)
{
    const LayerConfig& config = about.config;
    const std::string size = times({ config.integer("height", 0), config.integer("width", 0) });
    if (about.layer.className == "Resizing")
        return withoutParameters({ WORDS("layers", "Resizes images to %1, %2"), size,
            config.text("interpolation", "bilinear") });
    return withoutParameters(
        { about.layer.className == "CenterCrop" ? WORDS("layers", "Cuts out %1 at the centre")
                                                : WORDS("layers", "Cuts out %1 at a random place"),
            size });
}

/// Scale and offset are numbers, or lists with one for each channel.
Sentence::Argument numberOrList(const Json& given)
{
    if (given.is_number())
        return given.get<double>();
    return dumpJson(given);
}

Clauses rescalingWords(const ExplanationRequest& about)
{
    return withoutParameters(Sentence(WORDS("layers", "Multiplies by %1 and adds %2"),
        numberOrList(about.config.get("scale")), numberOrList(about.config.get("offset"))));
}

Clauses preprocessingWords(const ExplanationRequest& about)
{
    const LayerConfig& config = about.config;
    const std::string& name = about.layer.className;
    if (name == "Normalization")
        return { WORDS("layers",
            "Shifts and scales each feature by a mean and a variance that were measured "
            "beforehand") };
    if (name == "CategoryEncoding")
        return withoutParameters(
            { WORDS("layers", "Turns category numbers into vectors of %1 by %2"),
                config.integer("num_tokens", 0), config.text("output_mode", "multi_hot") });
    if (name == "Discretization")
        return withoutParameters(
            WORDS("layers", "Replaces each number by the number of the range that it lies in"));
    if (name == "Hashing" || name == "HashedCrossing")
        return { { WORDS("layers", "Hashes its inputs into %1 bins; Layerscope does not run it"),
            config.integer("num_bins", 0) } };
    return { WORDS("layers", "Looks up words or numbers in a vocabulary") };
}

constexpr LayerType preprocessingTypes[] = {
    { .classNames = "Normalization",
        .shape = sameShape,
        .lower = lowerNormalization,
        .words = preprocessingWords,
        .masking = Masking::PassInKeras3 },
    { .classNames = "Rescaling",
        .shape = sameShape,
        .lower = lowerRescaling,
        .words = rescalingWords,
        .masking = Masking::PassInKeras3 },
    { .classNames = "Resizing", .shape = imageOfSize, .lower = lowerResizing, .words = imageWords },
    { .classNames = "CenterCrop",
        .shape = imageOfSize,
        .lower = lowerCenterCrop,
        .words = imageWords },
    { .classNames = "RandomCrop",
        .shape = imageOfSize,
        .lower = lowerRandomCrop,
        .words = imageWords },
    { .classNames = "CategoryEncoding",
        .shape = categoryEncodingShape,
        .lower = lowerCategoryEncoding,
        .words = preprocessingWords },
    { .classNames = "Discretization",
        .shape = discretizationShape,
        .lower = lowerDiscretization,
        .words = preprocessingWords },
    { .classNames = "Hashing HashedCrossing",
        .shape = hashingShape,
        .words = preprocessingWords,
        .castsInputs = false },
    { .classNames = "IntegerLookup StringLookup",
        .shape = lookupShape,
        .lower = lowerIntegerLookup,
        .words = preprocessingWords,
        .castsInputs = false },
    { .classNames = "TextVectorization",
        .shape = textVectorizationShape,
        .words = preprocessingWords,
        .castsInputs = false },
};

} // namespace

extern constinit const LayerFamily preprocessing_layers{ preprocessingTypes };

} // namespace layerscope::layers
