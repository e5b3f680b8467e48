#include "model/layers/einsum_equation.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

OutputShapes denseShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    const auto units = request.config.integer("units", 0);
    if (shape.empty() || units <= 0)
        return std::nullopt;
    shape.back() = units;
    return one(std::move(shape));
}

OutputShapes einsumDenseShape(const ShapeRequest& request)
{
    const auto equation = EinsumEquation::parse(request.config.text("equation", ""));
    if (!equation)
        return std::nullopt;
    PartialShape given;
    const Json& entries = request.config.get("output_shape");
    if (const auto single = integerOf(entries))
        given = { *single };
    else if (const auto shape = shapeOf(entries))
        given = *shape;
    else
        return std::nullopt;
    auto shape = equation->outputShape(request.input(), given);
    return shape ? one(std::move(*shape)) : std::nullopt;
}

constexpr LayerType types[] = {
    { .classNames = "Dense TimeDistributedDense", .shape = denseShape },
    { .classNames = "EinsumDense", .shape = einsumDenseShape },
};

} // namespace

extern constinit const LayerFamily dense_layers{ types };

} // namespace layerscope::layers
