#include "model/training/losses/loss.h"
#include "model/training/model_facts.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {
namespace {

std::string describe(const PartialShape& shape)
{
    return toString(shape);
}

Error doesNotFit(const std::string& what, const Tensor& tensor, const PartialShape& wanted)
{
    PartialShape given = tensor.shape();
    if (!given.empty())
        given[0] = openDimension;
    return Error(ErrorKind::ShapeMismatch,
        what + " of the data has shape " + describe(given) + "; the model needs " + describe(wanted)
            + " (None is the number of rows).");
}

/// Elements of one row; nothing where an axis is open.
std::optional<std::int64_t> rowElements(const PartialShape& shape)
{
    if (shape.empty())
        return std::nullopt;
    const Shape row(shape.begin() + 1, shape.end());
    return isFullyKnown(row) ? elementCount(row) : std::nullopt;
}

bool agrees(const Shape& shape, const PartialShape& wanted)
{
    if (shape.size() != wanted.size())
        return false;
    for (std::size_t i = 1; i < shape.size(); ++i) {
        if (wanted[i] != openDimension && wanted[i] != shape[i])
            return false;
    }
    return true;
}

/// The rows under the wanted shape: as they are, flattened, unflattened, or with an axis of length
/// 1 added or dropped at the end.
std::optional<Tensor> inShape(const Tensor& tensor, const PartialShape& wanted)
{
    if (tensor.shape().empty() || wanted.empty())
        return std::nullopt;
    if (agrees(tensor.shape(), wanted))
        return tensor;
    const std::int64_t rows = tensor.shape()[0];
    const auto elements = rowElements(wanted);
    const auto own = rowElements(tensor.shape());
    Shape shape;
    if (elements && own && *elements == *own) {
        shape = wanted;
        shape[0] = rows;
    } else {
        shape = tensor.shape();
        if (wanted.size() == shape.size() + 1 && wanted.back() == 1)
            shape.push_back(1);
        else if (shape.size() == wanted.size() + 1 && shape.back() == 1)
            shape.pop_back();
        if (!agrees(shape, wanted))
            return std::nullopt;
    }
    auto reshaped = tensor.reshaped(shape);
    return reshaped ? std::optional(*std::move(reshaped)) : std::nullopt;
}

Result<std::vector<Tensor>> inOrder(const std::vector<Tensor>& tensors,
    const std::vector<std::string>& names, const std::vector<std::string>& wanted,
    const std::string& what)
{
    if (tensors.size() != wanted.size())
        return Error(ErrorKind::ShapeMismatch,
            "The data have " + std::to_string(tensors.size()) + " " + what + " and the model has "
                + std::to_string(wanted.size()) + ".");
    if (names.empty())
        return tensors;
    std::vector<Tensor> result;
    for (const std::string& name : wanted) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            if (tensors.size() == 1)
                return tensors; // one array can only mean the one place there is
            return Error(ErrorKind::ShapeMismatch,
                "The data hold nothing named \"" + name + "\" among their " + what + ".");
        }
        result.push_back(tensors[static_cast<std::size_t>(found - names.begin())]);
    }
    return result;
}

bool areClassNumbers(const Tensor& tensor)
{
    if (isInteger(tensor.dtype()) || tensor.dtype() == DType::Bool)
        return true;
    const auto numbers = tensor.converted(DType::Float64);
    if (!numbers)
        return false;
    const auto values = numbers->valuesAs<double>();
    return std::all_of(values.begin(), values.end(),
        [](double x) { return x >= 0 && x == std::floor(x) && x < 1e9; });
}

Result<Tensor> oneHot(const Tensor& classes, std::int64_t depth, const PartialShape& wanted)
{
    TRY(const Tensor numbers, classes.converted(DType::Int64));
    const auto values = numbers.valuesAs<std::int64_t>();
    Shape shape = wanted;
    shape[0] = classes.shape()[0];
    TRY(Tensor result, Tensor::zeros(DType::Float32, shape));
    auto out = result.mutableValuesAs<float>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] < 0 || values[i] >= depth)
            return Error(ErrorKind::ShapeMismatch,
                "Row " + std::to_string(i + 1) + " has class " + std::to_string(values[i])
                    + "; the model's output has classes 0 to " + std::to_string(depth - 1) + ".");
        out[i * static_cast<std::size_t>(depth) + static_cast<std::size_t>(values[i])] = 1;
    }
    return result;
}

/// The column of the largest value in each row of the last axis.
Result<Tensor> classNumbersOf(const Tensor& target)
{
    TRY(const Tensor numbers, target.converted(DType::Float64));
    const auto values = numbers.valuesAs<double>();
    const auto width = static_cast<std::size_t>(target.shape().back());
    std::vector<std::int64_t> classes;
    for (std::size_t i = 0; i + width <= values.size(); i += width) {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(i);
        classes.push_back(
            std::max_element(first, first + static_cast<std::ptrdiff_t>(width)) - first);
    }
    Shape shape = target.shape();
    shape.pop_back();
    return Tensor::of(shape, classes);
}

Result<void> checkClasses(const Tensor& classes, std::int64_t depth)
{
    TRY(const Tensor numbers, classes.converted(DType::Int64));
    const auto values = numbers.valuesAs<std::int64_t>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] >= depth)
            return Error(ErrorKind::ShapeMismatch,
                "Target number " + std::to_string(i + 1) + " is class " + std::to_string(values[i])
                    + "; the model's output has classes 0 to " + std::to_string(depth - 1) + ".");
    }
    return {};
}

Result<Tensor> fitClassTarget(
    const Tensor& target, const PartialShape& output, const std::string& what)
{
    const std::int64_t depth = output.back();
    PartialShape wanted(output.begin(), output.end() - 1);
    Tensor classes = target;
    if (target.shape().size() == output.size() && target.shape().back() == depth && depth > 1
        && agrees(target.shape(), output)) {
        TRY(classes, classNumbersOf(target)); // one-hot rows
    } else if (!(target.shape().size() == output.size() && target.shape().back() == 1)) {
        const auto fitted = inShape(target, wanted);
        if (!fitted)
            return doesNotFit(what, target, wanted);
        classes = *fitted;
    }
    if (depth > 0)
        TRY_DO(checkClasses(classes, depth));
    return classes;
}

Result<Tensor> fitTarget(const Tensor& target, const PartialShape& output,
    const std::string& lossName, const std::string& what)
{
    if (output.empty())
        return target;
    const LossType* loss = findLoss(lossName);
    if (loss && loss->target == TargetKind::ClassNumbers && loss->names.front() != "circle")
        return fitClassTarget(target, output, what);
    if (agrees(target.shape(), output))
        return target;
    const std::int64_t depth = output.back();
    PartialShape classes(output.begin(), output.end() - 1);
    if (depth > 1 && areClassNumbers(target)) {
        Tensor flat = target;
        if (flat.shape().size() == output.size() && flat.shape().back() == 1) {
            TRY(flat, flat.reshaped(Shape(flat.shape().begin(), flat.shape().end() - 1)));
        }
        if (agrees(flat.shape(), classes) && classes.size() + 1 == output.size())
            return oneHot(flat, depth, [&] {
                PartialShape shape = flat.shape();
                shape.push_back(depth);
                return shape;
            }());
    }
    const auto fitted = inShape(target, output);
    if (!fitted)
        return doesNotFit(what, target, output);
    return *fitted;
}

} // namespace

Result<std::vector<Tensor>> fitInputs(const std::vector<Tensor>& inputs,
    const std::vector<std::string>& names, const std::vector<PartialShape>& shapes,
    const std::vector<std::string>& modelNames)
{
    TRY(std::vector<Tensor> ordered, inOrder(inputs, names, modelNames, "inputs"));
    for (std::size_t i = 0; i < ordered.size() && i < shapes.size(); ++i) {
        auto fitted = inShape(ordered[i], shapes[i]);
        if (!fitted)
            return doesNotFit("Input " + std::to_string(i + 1) + " (\"" + modelNames[i] + "\")",
                ordered[i], shapes[i]);
        ordered[i] = *std::move(fitted);
    }
    return ordered;
}

Result<DataSet> fitToModel(DataSet data, const std::vector<PartialShape>& inputShapes,
    const std::vector<PartialShape>& outputShapes, const std::vector<std::string>& inputNames,
    const std::vector<std::string>& outputNames, const std::vector<std::string>& lossNames)
{
    TRY(data.inputs, fitInputs(data.inputs, data.inputNames, inputShapes, inputNames));
    data.inputNames = inputNames;
    TRY(data.targets, inOrder(data.targets, data.targetNames, outputNames, "targets"));
    data.targetNames = outputNames;
    for (std::size_t i = 0; i < data.targets.size() && i < outputShapes.size(); ++i) {
        const std::string what = data.targets.size() == 1
            ? "The target"
            : "Target " + std::to_string(i + 1) + " (\"" + outputNames[i] + "\")";
        TRY(data.targets[i],
            fitTarget(data.targets[i], outputShapes[i],
                i < lossNames.size() ? lossNames[i] : std::string(), what));
    }
    const std::int64_t rows = data.rows();
    const auto check = [&](const Tensor& tensor) -> Result<void> {
        if (tensor.shape().empty() || tensor.shape()[0] != rows)
            return Error(ErrorKind::ShapeMismatch,
                "The data have " + std::to_string(rows) + " rows of inputs and shape "
                    + toString(tensor.shape()) + " elsewhere; each needs the same number of rows.");
        return {};
    };
    for (const Tensor& input : data.inputs)
        TRY_DO(check(input));
    for (const Tensor& target : data.targets)
        TRY_DO(check(target));
    if (data.sampleWeights)
        TRY_DO(check(*data.sampleWeights));
    return data;
}

} // namespace layerscope::training
