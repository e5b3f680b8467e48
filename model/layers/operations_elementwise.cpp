// Element-wise operations and reductions of keras.ops and of TensorFlow.
#include "model/layers/activation_functions.h"
#include "model/layers/operation_call.h"

#include <numbers>

namespace layerscope::layers {

using ops::Binary;
using ops::KeepAxes;
using ops::Reduction;
using ops::Unary;
using ops::Value;

namespace {

using Call = OperationCall;
using Values = std::vector<Value>;

Value first(Call& call)
{
    return call.tensor(0, { "x", "a", "input", "inputs", "input_tensor", "features", "logits" });
}

template<Binary function> Values binary(Call& call)
{
    const auto [x, y] = call.operands();
    return { call.b.binary(function, x, y) };
}

/// Of truth values; numbers that are not 0 are true.
template<Binary function> Values logical(Call& call)
{
    const auto [x, y] = call.operands();
    return { call.b.binary(function, call.b.cast(x, DType::Bool), call.b.cast(y, DType::Bool)) };
}

Values logicalNot(Call& call)
{
    return { call.b.unary(Unary::LogicalNot, call.b.cast(first(call), DType::Bool)) };
}

/// True division makes whole numbers floating.
Values divide(Call& call)
{
    const auto [x, y] = call.operands();
    return { call.b.divide(call.floating(x), call.floating(y)) };
}

Values divideNoNan(Call& call)
{
    const auto [x, y] = call.operands();
    const Value zero = call.b.scalar(0, call.b.dtype(y));
    const Value isZero = call.b.binary(Binary::Equal, y, zero);
    const Value safe = call.b.select(isZero, call.b.scalar(1, call.b.dtype(y)), y);
    return { call.b.select(isZero, zero, call.b.divide(x, safe)) };
}

template<Unary function> Values unary(Call& call)
{
    return { call.b.unary(function, call.floating(first(call))) };
}

/// Those that make sense for whole numbers as well.
template<Unary function> Values wholeUnary(Call& call)
{
    return { call.b.unary(function, first(call)) };
}

Values identity(Call& call)
{
    return { first(call) };
}

Values stopGradient(Call& call)
{
    return { call.b.stopGradient(call.tensor(0, { "variable", "input", "x" })) };
}

/// Activations by the name that the class or symbol has in keras.activations.
Values activation(Call& call)
{
    std::string name = call.call.config.text("function", call.call.layer.className);
    name = name.substr(name.rfind('.') + 1);
    std::string snake;
    for (const char letter : name) {
        if (letter >= 'A' && letter <= 'Z' && !snake.empty())
            snake += '_';
        snake += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    }
    const auto function = activationNamed(snake, call.call.generation);
    if (!function) {
        call.unsupported("the activation '" + snake + "' is not known");
        return {};
    }
    return { (*function)(call.b, call.floating(first(call))) };
}

Values gelu(Call& call)
{
    ops::Builder& b = call.b;
    const Value x = call.floating(first(call));
    // Keras 3's operation approximates unless told not to; TensorFlow's function does not.
    const Json given = call.literal(1, { "approximate" });
    const bool approximates = given.is_boolean() ? given.get<bool>() : call.call.isKeras3();
    if (!approximates)
        return { (*activationNamed("gelu", call.call.generation))(b, x) };
    const Value cube = b.multiply(b.multiply(x, b.square(x)), 0.044715);
    const Value inner = b.multiply(b.add(x, cube), std::sqrt(2 / std::numbers::pi));
    return { b.multiply(b.multiply(x, 0.5), b.add(b.tanh(inner), 1)) };
}

Values softmax(Call& call)
{
    const Value x = call.floating(first(call));
    const Value y = call.b.softmax(x, call.integer(1, { "axis" }).value_or(-1));
    call.call.rememberLogits(y, x);
    return { y };
}

Values logSoftmax(Call& call)
{
    return { call.b.logSoftmax(
        call.floating(first(call)), call.integer(1, { "axis" }).value_or(-1)) };
}

Values sigmoid(Call& call)
{
    const Value x = call.floating(first(call));
    const Value y = call.b.sigmoid(x);
    call.call.rememberLogits(y, x);
    return { y };
}

Values leaky(Call& call)
{
    return { leakyRelu(
        call.b, call.floating(first(call)), call.number(1, { "negative_slope", "alpha" }, 0.2)) };
}

Values eluOf(Call& call)
{
    return { elu(call.b, call.floating(first(call)), call.number(1, { "alpha" }, 1)) };
}

Values relu6(Call& call)
{
    return { call.b.clip(call.floating(first(call)), 0, 6) };
}

Values clip(Call& call)
{
    const double low = call.number(1, { "x_min", "clip_value_min", "a_min" }, 0);
    const double high = call.number(2, { "x_max", "clip_value_max", "a_max" }, 0);
    return { call.b.clip(call.tensor(0, { "x", "t" }), low, high) };
}

Values cast(Call& call)
{
    const auto type = dtypeFromName(call.text(1, { "dtype" }, ""));
    if (!type || *type == DType::String) {
        call.unsupported("casts to a type that is not known");
        return {};
    }
    const Value x = first(call);
    if (const Json numbers = call.known(x); !numbers.is_null() && isInteger(*type))
        return { call.knownConstant(numbers) };
    return { call.b.cast(x, *type) };
}

Values likeFilled(Call& call, double value)
{
    const Value x = first(call);
    const auto type = dtypeFromName(call.text(1, { "dtype" }, "")).value_or(call.b.dtype(x));
    if (type == DType::Bool)
        return { call.b.cast(call.b.filled(value, call.b.shape(x)), type) };
    return { call.b.filled(value, call.b.shape(x), type) };
}

Values zerosLike(Call& call)
{
    return likeFilled(call, 0);
}

Values onesLike(Call& call)
{
    return likeFilled(call, 1);
}

Values where(Call& call)
{
    ops::Builder& b = call.b;
    Value condition = call.tensor(0, { "condition" });
    if (b.dtype(condition) != DType::Bool)
        condition = b.cast(condition, DType::Bool);
    const Value x = call.tensor(1, { "x1", "x" });
    const Value y = call.tensor(2, { "x2", "y" });
    const DType type = isFloating(b.dtype(y)) ? b.dtype(y) : b.dtype(x);
    return { b.select(condition, b.cast(x, type), b.cast(y, type)) };
}

Values addN(Call& call)
{
    const Values values = call.tensors("inputs");
    Value sum = values.empty() ? Value{} : values[0];
    for (std::size_t i = 1; i < values.size(); ++i)
        sum = call.b.add(sum, values[i]);
    return { sum };
}

KeepAxes keep(Call& call)
{
    return call.flag(2, { "keepdims", "keep_dims" }) ? KeepAxes::Yes : KeepAxes::No;
}

template<Reduction reduction> Values reduce(Call& call)
{
    ops::Builder& b = call.b;
    Value x = first(call);
    if ((reduction == Reduction::Any || reduction == Reduction::All) && b.dtype(x) != DType::Bool)
        x = b.cast(x, DType::Bool);
    if (reduction == Reduction::Mean)
        x = call.floating(x);
    return { b.reduce(reduction, x, call.integers(1, { "axis" }), keep(call)) };
}

Values variance(Call& call)
{
    ops::Builder& b = call.b;
    const Value x = call.floating(first(call));
    const auto axes = call.integers(1, { "axis" });
    const Value mean = b.mean(x, axes, KeepAxes::Yes);
    return { b.mean(b.square(b.subtract(x, mean)), axes, keep(call)) };
}

Values deviation(Call& call)
{
    return { call.b.sqrt(variance(call)[0]) };
}

Values logSumExp(Call& call)
{
    return { call.b.logSumExp(
        call.floating(first(call)), call.integers(1, { "axis" }), keep(call)) };
}

Values argMax(Call& call)
{
    return { call.b.argMax(first(call), call.integer(1, { "axis" }).value_or(-1)) };
}

Values argMin(Call& call)
{
    return { call.b.argMin(first(call), call.integer(1, { "axis" }).value_or(-1)) };
}

Values cumulativeSum(Call& call)
{
    return { call.b.cumulativeSum(first(call), call.integer(1, { "axis" }).value_or(0)) };
}

Values normalize(Call& call)
{
    ops::Builder& b = call.b;
    const Value x = call.floating(first(call));
    auto axes = call.integers(1, { "axis" });
    if (axes.empty())
        axes = { -1 };
    const Value squares
        = b.maximum(b.sum(b.square(x), axes, KeepAxes::Yes), b.scalar(1e-12, b.dtype(x)));
    return { b.multiply(x, b.unary(Unary::Rsqrt, squares)) };
}

constexpr Operation elementwiseTable[] = {
    { "Add math.add __operators__.add add nn.bias_add", binary<Binary::Add> },
    { "Subtract math.subtract __operators__.sub subtract", binary<Binary::Subtract> },
    { "Multiply math.multiply __operators__.mul multiply", binary<Binary::Multiply> },
    { "Divide TrueDivide math.divide math.truediv __operators__.truediv divide truediv "
      "compat.v1.div RealDiv",
        divide },
    { "DivideNoNan math.divide_no_nan", divideNoNan },
    { "Power math.pow __operators__.pow pow", binary<Binary::Power> },
    { "Maximum math.maximum maximum", binary<Binary::Maximum> },
    { "Minimum math.minimum minimum", binary<Binary::Minimum> },
    { "FloorDivide math.floordiv __operators__.floordiv", binary<Binary::FloorDivide> },
    { "Mod Remainder math.floormod math.mod __operators__.mod", binary<Binary::Modulo> },
    { "SquaredDifference math.squared_difference", binary<Binary::SquaredDifference> },
    { "Equal math.equal equal __operators__.eq", binary<Binary::Equal> },
    { "NotEqual math.not_equal not_equal __operators__.ne", binary<Binary::NotEqual> },
    { "Less math.less less", binary<Binary::Less> },
    { "LessEqual math.less_equal less_equal", binary<Binary::LessEqual> },
    { "Greater math.greater greater", binary<Binary::Greater> },
    { "GreaterEqual math.greater_equal greater_equal", binary<Binary::GreaterEqual> },
    { "LogicalAnd math.logical_and logical_and BitwiseAnd", logical<Binary::LogicalAnd> },
    { "LogicalOr math.logical_or logical_or BitwiseOr", logical<Binary::LogicalOr> },
    { "LogicalNot math.logical_not logical_not", logicalNot },
    { "Negative math.negative negative", wholeUnary<Unary::Negate> },
    { "Abs Absolute math.abs abs", wholeUnary<Unary::Abs> },
    { "Sign math.sign sign", wholeUnary<Unary::Sign> },
    { "Square math.square square", wholeUnary<Unary::Square> },
    { "Sqrt math.sqrt sqrt", unary<Unary::Sqrt> },
    { "Rsqrt math.rsqrt", unary<Unary::Rsqrt> },
    { "Reciprocal math.reciprocal", unary<Unary::Reciprocal> },
    { "Exp math.exp exp", unary<Unary::Exp> },
    { "Expm1 math.expm1", unary<Unary::Expm1> },
    { "Log math.log", unary<Unary::Log> },
    { "Log1p math.log1p", unary<Unary::Log1p> },
    { "Sin math.sin sin", unary<Unary::Sin> },
    { "Cos math.cos cos", unary<Unary::Cos> },
    { "Tan math.tan tan", unary<Unary::Tan> },
    { "Tanh math.tanh tanh nn.tanh", unary<Unary::Tanh> },
    { "Erf math.erf", unary<Unary::Erf> },
    { "Floor math.floor floor", unary<Unary::Floor> },
    { "Ceil math.ceil", unary<Unary::Ceil> },
    { "Round math.round round", unary<Unary::Round> },
    { "Isfinite math.is_finite", unary<Unary::IsFinite> },
    { "Isnan math.is_nan", unary<Unary::IsNan> },
    { "Relu nn.relu", unary<Unary::Relu> },
    { "Softplus math.softplus nn.softplus", unary<Unary::Softplus> },
    { "Sigmoid math.sigmoid sigmoid nn.sigmoid", sigmoid },
    { "Softmax nn.softmax", softmax },
    { "LogSoftmax nn.log_softmax", logSoftmax },
    { "Gelu nn.gelu", gelu },
    { "LeakyRelu nn.leaky_relu", leaky },
    { "Elu nn.elu", eluOf },
    { "Relu6 nn.relu6", relu6 },
    { "Silu Selu Celu Softsign HardSigmoid HardSilu HardTanh HardShrink SoftShrink TanhShrink "
      "LogSigmoid SparsePlus SparseSigmoid Squareplus Glu Sparsemax Mish nn.silu nn.swish nn.selu "
      "nn.softsign math.softsign math.log_sigmoid",
        activation },
    { "Identity identity ConvertToTensor convert_to_tensor", identity },
    { "StopGradient stop_gradient", stopGradient },
    { "Clip clip_by_value", clip },
    { "Cast cast", cast },
    { "ZerosLike zeros_like", zerosLike },
    { "OnesLike ones_like", onesLike },
    { "Where where", where },
    { "math.add_n add_n", addN },
    { "Sum math.reduce_sum reduce_sum", reduce<Reduction::Sum> },
    { "Mean math.reduce_mean reduce_mean", reduce<Reduction::Mean> },
    { "Max Amax math.reduce_max reduce_max", reduce<Reduction::Max> },
    { "Min Amin math.reduce_min reduce_min", reduce<Reduction::Min> },
    { "Prod math.reduce_prod reduce_prod", reduce<Reduction::Prod> },
    { "Any math.reduce_any reduce_any", reduce<Reduction::Any> },
    { "All math.reduce_all reduce_all", reduce<Reduction::All> },
    { "Var math.reduce_variance", variance },
    { "Std math.reduce_std", deviation },
    { "Logsumexp math.reduce_logsumexp reduce_logsumexp", logSumExp },
    { "Argmax math.argmax argmax", argMax },
    { "Argmin math.argmin argmin", argMin },
    { "Cumsum math.cumsum cumsum", cumulativeSum },
    { "Normalize math.l2_normalize linalg.l2_normalize nn.l2_normalize", normalize },
};

} // namespace

std::span<const Operation> elementwiseOperations()
{
    return elementwiseTable;
}

} // namespace layerscope::layers
