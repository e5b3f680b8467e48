#include "model/training/batches.h"

#include "model/training/losses/loss.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace layerscope::training {
namespace {

/// Keras turns numbers of data sets into float32 first, whatever the model computes in.
Result<Tensor> asKerasReads(const Tensor& tensor, DType type)
{
    if (isFloating(type) && isFloating(tensor.dtype()) && type == DType::Float64) {
        TRY(const Tensor single, tensor.converted(DType::Float32));
        return single.converted(DType::Float64);
    }
    if (type == DType::Float16 || type == DType::BFloat16) {
        TRY(const Tensor narrow, tensor.converted(type));
        return narrow.converted(carriedType(type));
    }
    return tensor.converted(type);
}

Result<Batches::Column> makeColumn(const Tensor& tensor, DType type, std::int64_t rows)
{
    if (tensor.dtype() == DType::String || type == DType::String)
        return Error(
            ErrorKind::Unsupported, "The model takes text; training on text is not possible here.");
    if (tensor.shape().empty() || tensor.shape()[0] != rows)
        return Error(ErrorKind::ShapeMismatch,
            "The data have " + std::to_string(rows) + " rows in one place and shape "
                + toString(tensor.shape()) + " in another; each needs the same number of rows.");
    Batches::Column column;
    TRY(column.rows, asKerasReads(tensor, type));
    column.type = type;
    column.rowBytes = rows > 0 ? column.rows.bytes().size() / static_cast<std::size_t>(rows) : 0;
    return column;
}

/// Whether each row of the last axis is a distribution.
bool rowsSumToOne(const Tensor& tensor)
{
    if (tensor.dtype() != DType::Float32 || tensor.shape().size() < 2 || tensor.shape().back() < 1)
        return false;
    const auto values = tensor.valuesAs<float>();
    const auto width = static_cast<std::size_t>(tensor.shape().back());
    for (std::size_t i = 0; i + width <= values.size(); i += width) {
        double sum = 0;
        for (std::size_t j = 0; j < width; ++j)
            sum += static_cast<double>(values[i + j]);
        if (!(std::abs(sum - 1) < 1e-6))
            return false;
    }
    return true;
}

/// The class of each row, as class weights look it up: the largest of several columns, else the
/// number itself.
Result<std::vector<std::int64_t>> classesOf(const Tensor& target)
{
    TRY(const Tensor numbers, target.converted(DType::Float64));
    const auto values = numbers.valuesAs<double>();
    const std::int64_t rows = target.shape()[0];
    const auto width = rows > 0 ? values.size() / static_cast<std::size_t>(rows) : 0;
    std::vector<std::int64_t> classes;
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * width);
        if (width > 1)
            classes.push_back(
                std::max_element(first, first + static_cast<std::ptrdiff_t>(width)) - first);
        else
            classes.push_back(static_cast<std::int64_t>(std::lround(*first)));
    }
    return classes;
}

/// SplitMix64: small, and the same everywhere.
std::uint64_t nextRandom(std::uint64_t& state)
{
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

} // namespace

Result<void> Batches::addTarget(const Tensor& target, const std::string& lossName)
{
    const LossType* loss = findLoss(lossName);
    const bool isClass = loss && loss->target == TargetKind::ClassNumbers;
    TRY(Column column, makeColumn(target, isClass ? DType::Int64 : DType::Float32, m_rows));
    m_targetsSumToOne.push_back(rowsSumToOne(column.rows));
    m_targets.push_back(std::move(column));
    return {};
}

Result<void> Batches::addWeights(const DataSet& data, const TrainingOptions& options)
{
    m_hasWeights = data.sampleWeights.has_value() || !options.classWeights.empty();
    if (!m_hasWeights)
        return {};
    TRY(Tensor weights, Tensor::zeros(DType::Float32, { m_rows }));
    auto values = weights.mutableValuesAs<float>();
    std::fill(values.begin(), values.end(), 1.0F);
    if (data.sampleWeights) {
        TRY(const Tensor given, data.sampleWeights->converted(DType::Float32));
        if (given.count() != m_rows)
            return Error(ErrorKind::ShapeMismatch,
                "The sample weights have shape " + toString(given.shape()) + " for "
                    + std::to_string(m_rows) + " rows; one weight a row is needed.");
        const auto source = given.valuesAs<float>();
        std::copy(source.begin(), source.end(), values.begin());
    }
    if (!options.classWeights.empty()) {
        if (data.targets.size() != 1)
            return Error(ErrorKind::InvalidArgument,
                "Class weights need a model with one output; this one has "
                    + std::to_string(data.targets.size()) + ".");
        TRY(const std::vector<std::int64_t> classes, classesOf(data.targets[0]));
        for (std::size_t row = 0; row < classes.size() && row < values.size(); ++row) {
            const auto found = options.classWeights.find(classes[row]);
            // Keras gives classes that the mapping does not name the weight 1.
            if (found != options.classWeights.end())
                values[row] *= static_cast<float>(found->second);
        }
    }
    TRY(m_weights, makeColumn(weights, DType::Float32, m_rows));
    return {};
}

Result<Batches> Batches::prepare(const DataSet& data, const std::vector<DType>& inputTypes,
    const std::vector<std::string>& lossNames, const TrainingOptions& options,
    std::int64_t batchSize)
{
    Batches result;
    result.m_rows = data.rows();
    result.m_batchSize = std::max<std::int64_t>(1, std::min(batchSize, result.m_rows));
    if (result.m_rows < 1)
        return Error(ErrorKind::InvalidArgument, "The data set has no rows.");
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        const DType type = i < inputTypes.size() ? inputTypes[i] : DType::Float32;
        TRY(Column column, makeColumn(data.inputs[i], type, result.m_rows));
        result.m_inputs.push_back(std::move(column));
    }
    for (std::size_t i = 0; i < data.targets.size(); ++i)
        TRY_DO(
            result.addTarget(data.targets[i], i < lossNames.size() ? lossNames[i] : std::string()));
    TRY_DO(result.addWeights(data, options));
    const auto reserve = [&](const Column& column) -> Result<void> {
        TRY(StateBuffer buffer,
            StateBuffer::bytes(column.rowBytes * static_cast<std::size_t>(result.m_batchSize)));
        result.m_gathered.push_back(std::move(buffer));
        return {};
    };
    for (const Column& column : result.m_inputs)
        TRY_DO(reserve(column));
    for (const Column& column : result.m_targets)
        TRY_DO(reserve(column));
    TRY_DO(reserve(result.m_weights));
    result.m_inputPointers.resize(result.m_inputs.size());
    result.m_targetPointers.resize(result.m_targets.size());
    return result;
}

std::int64_t Batches::batchesPerEpoch() const
{
    return (m_rows + m_batchSize - 1) / m_batchSize;
}

std::int64_t Batches::rowsOf(std::int64_t batch) const
{
    return std::min(m_batchSize, m_rows - batch * m_batchSize);
}

void Batches::orderAsStored()
{
    m_order.clear();
}

void Batches::shuffle(std::uint64_t seed, std::int64_t epoch)
{
    m_order.resize(static_cast<std::size_t>(m_rows));
    std::iota(m_order.begin(), m_order.end(), std::int64_t(0));
    std::uint64_t state = seed * 0xD1342543DE82EF95ULL + static_cast<std::uint64_t>(epoch);
    for (std::size_t i = m_order.size(); i > 1; --i)
        std::swap(m_order[i - 1], m_order[nextRandom(state) % i]);
}

void Batches::gather(
    const Column& column, std::size_t place, std::int64_t first, std::int64_t count)
{
    auto* out = static_cast<std::byte*>(m_gathered[place].data());
    const std::byte* source = column.rows.bytes().data();
    const std::size_t size = column.rowBytes;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto row = static_cast<std::size_t>(m_order[static_cast<std::size_t>(first + i)]);
        std::memcpy(out + static_cast<std::size_t>(i) * size, source + row * size, size);
    }
}

const void* Batches::pointerTo(
    const Column& column, std::size_t place, std::int64_t first, std::int64_t count)
{
    if (m_order.empty())
        return column.rows.bytes().data() + static_cast<std::size_t>(first) * column.rowBytes;
    gather(column, place, first, count);
    return m_gathered[place].data();
}

void Batches::select(std::int64_t batch)
{
    const std::int64_t first = batch * m_batchSize;
    const std::int64_t count = rowsOf(batch);
    std::size_t place = 0;
    for (std::size_t i = 0; i < m_inputs.size(); ++i)
        m_inputPointers[i] = pointerTo(m_inputs[i], place++, first, count);
    for (std::size_t i = 0; i < m_targets.size(); ++i)
        m_targetPointers[i] = pointerTo(m_targets[i], place++, first, count);
    if (m_hasWeights)
        m_weightPointer = pointerTo(m_weights, place, first, count);
}

std::vector<Shape> Batches::inputShapes(std::int64_t batch) const
{
    std::vector<Shape> shapes;
    for (const Column& column : m_inputs) {
        shapes.push_back(column.rows.shape());
        shapes.back()[0] = batch;
    }
    return shapes;
}

std::vector<ops::ValueInfo> Batches::targetInfos(std::int64_t batch) const
{
    std::vector<ops::ValueInfo> infos;
    for (const Column& column : m_targets) {
        infos.push_back({ column.type, column.rows.shape() });
        infos.back().shape[0] = batch;
    }
    return infos;
}

} // namespace layerscope::training
