#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

Layer wrapped(const ShapeRequest& request, std::string_view key = "layer")
{
    return innerLayer(request.config.get(key), request.layer);
}

OutputShapes bidirectionalShape(const ShapeRequest& request)
{
    const Layer forward = wrapped(request);
    auto shapes
        = outputShapes(forward, request.generation, { request.input() }, BoundCall::ofTensors(1));
    if (!shapes)
        return std::nullopt;
    std::vector<PartialShape> states(shapes->begin() + 1, shapes->end());
    PartialShape output = shapes->front();
    std::vector<PartialShape> result;
    if (!request.config.has("merge_mode") && request.config.json().contains("merge_mode")) {
        result = { output, output }; // merge_mode null: both directions, unmerged
    } else {
        if (request.config.text("merge_mode", "concat") == "concat") {
            const std::size_t channels
                = isChannelsFirst(LayerConfig(forward.config)) && output.size() > 3
                ? output.size() - 3
                : output.size() - 1;
            const auto width = product(output[channels], 2);
            if (!width)
                return std::nullopt;
            output[channels] = *width;
        }
        result = { output };
    }
    for (int direction = 0; direction < 2; ++direction)
        result.insert(result.end(), states.begin(), states.end());
    return result;
}

OutputShapes timeDistributedShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    if (shape.size() < 2)
        return std::nullopt;
    const std::int64_t time = shape[1];
    shape.erase(shape.begin() + 1);
    auto shapes
        = outputShapes(wrapped(request), request.generation, { shape }, BoundCall::ofTensors(1));
    if (!shapes)
        return std::nullopt;
    for (PartialShape& output : *shapes)
        if (!output.empty())
            output.insert(output.begin() + 1, time);
    return shapes;
}

OutputShapes wrapperShape(const ShapeRequest& request)
{
    return outputShapes(wrapped(request), request.generation, request.inputs, request.call);
}

constexpr LayerType types[] = {
    { .classNames = "Bidirectional", .shape = bidirectionalShape, .masking = Masking::Own },
    { .classNames = "TimeDistributed", .shape = timeDistributedShape, .masking = Masking::Own },
    { .classNames = "SpectralNormalization Wrapper", .shape = wrapperShape },
};

} // namespace

extern constinit const LayerFamily wrappers_layers{ types };

} // namespace layerscope::layers
