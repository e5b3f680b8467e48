#include "model/layers/regularizers.h"

#include "model/layers/layer_config.h"

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

Value l1l2(Builder& b, Value x, double l1, double l2)
{
    Value result;
    if (l1 != 0)
        result = b.multiply(b.sum(b.unary(ops::Unary::Abs, x)), l1);
    if (l2 != 0) {
        const Value squares = b.multiply(b.sum(b.square(x)), l2);
        result = result ? b.add(result, squares) : squares;
    }
    return result;
}

/// factor · mean |cosine| over all pairs of different rows (or columns).
Value orthogonal(Builder& b, Value x, double factor, bool rows)
{
    if (b.rank(x) != 2) {
        b.fail(ErrorKind::ShapeMismatch, "an orthogonal regularizer takes weights of two axes");
        return {};
    }
    const std::int64_t axis = rows ? 1 : 0;
    // Keras's l2_normalize: x · rsqrt(max(sum of squares, epsilon)).
    const Value squares = b.sum(b.square(x), { axis }, ops::KeepAxes::Yes);
    const Value scale = b.unary(ops::Unary::Rsqrt, b.maximum(squares, b.scalar(1e-12, b.dtype(x))));
    const Value unit = b.multiply(x, scale);
    const Value cosines = rows ? b.matmul(unit, unit, ops::Transposed::No, ops::Transposed::Yes)
                               : b.matmul(unit, unit, ops::Transposed::Yes, ops::Transposed::No);
    const std::int64_t count = b.shape(x).size() == 2 ? b.shape(x)[rows ? 0 : 1] : 0;
    if (count < 2)
        return b.multiply(b.sum(x), 0);
    const Value eye = b.oneHot(b.iota(count, DType::Int64), count, b.dtype(x));
    const Value others
        = b.multiply(cosines, b.subtract(b.filled(1, { count, count }, b.dtype(x)), eye));
    const double pairs = static_cast<double>(count) * static_cast<double>(count - 1) / 2;
    return b.multiply(b.sum(b.unary(ops::Unary::Abs, others)), factor * 0.5 / pairs);
}

} // namespace

Value penalty(Builder& b, const Json& regularizer, Value x)
{
    if (regularizer.is_null() || !x)
        return {};
    std::string name = classNameOf(regularizer);
    if (regularizer.is_string())
        name = regularizer.get<std::string>();
    // Keras 1 and early 2 write {"name": "WeightRegularizer", "l1": …, "l2": …}.
    const Json& settings = configOf(regularizer);
    const LayerConfig config(settings.is_null() ? regularizer : settings);
    if (name.empty())
        name = config.text("name", "");
    const bool byName = regularizer.is_string();
    if (name == "L1" || name == "l1")
        return l1l2(b, x, config.number("l1", 0.01), 0);
    if (name == "L2" || name == "l2")
        return l1l2(b, x, 0, config.number("l2", 0.01));
    if (name == "L1L2" || name == "l1_l2" || name == "WeightRegularizer"
        || name == "ActivityRegularizer")
        return l1l2(
            b, x, config.number("l1", byName ? 0.01 : 0), config.number("l2", byName ? 0.01 : 0));
    if (name == "OrthogonalRegularizer" || name == "orthogonal_regularizer")
        return orthogonal(
            b, x, config.number("factor", 0.01), config.text("mode", "rows") == "rows");
    b.fail(ErrorKind::Unsupported, "the regularizer '" + name + "' is not known");
    return {};
}

} // namespace layerscope::layers
