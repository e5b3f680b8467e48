#include "model/formats/compare_saved.h"

namespace layerscope::formats {

namespace {

constexpr std::size_t blockBytes = 16U << 20U;

class Comparison
{
public:
    Comparison(const JobContext& job, std::int64_t totalBytes)
        : m_job(job)
        , m_total(totalBytes)
    {
    }

    /// `wanted` as the program has it, `found` as the new file has it.
    Result<void> compare(
        const std::string& name, const StoredTensor& wanted, const StoredTensor& found)
    {
        if (wanted.shape() != found.shape())
            return differs(name,
                "has shape " + toString(found.shape()) + " instead of " + toString(wanted.shape()));
        if (wanted.dtype() == found.dtype()) {
            const auto left = wanted.bytes();
            const auto right = found.bytes();
            if (left && right) {
                ++m_count;
                return compareBytes(name, *left, *right);
            }
        }
        const auto left = wanted.load();
        const auto right = found.load();
        if (!left && !right) // it could not be read before either
            return {};
        if (!left || !right)
            return (left ? right : left).error();
        const auto converted = left->converted(right->dtype());
        if (!converted)
            return converted.error();
        ++m_count;
        if (converted->strings() != right->strings())
            return differs(name, "holds other texts");
        return compareBytes(name, converted->bytes(), right->bytes());
    }

    std::size_t count() const { return m_count; }

private:
    static Error differs(const std::string& name, const std::string& how)
    {
        return Error(ErrorKind::Corrupt,
            "the check of what was written failed, so the old file was kept: it " + how)
            .in(name);
    }

    Result<void> compareBytes(const std::string& name, std::span<const std::byte> wanted,
        std::span<const std::byte> found)
    {
        if (wanted.size() != found.size())
            return differs(name, "has another length");
        for (std::size_t at = 0; at < wanted.size(); at += blockBytes) {
            if (m_job.stopRequested())
                return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
            const std::size_t part = std::min(blockBytes, wanted.size() - at);
            if (std::memcmp(wanted.data() + at, found.data() + at, part) != 0)
                return differs(name, "holds other values");
            m_done += static_cast<std::int64_t>(part);
            m_job.report(m_done, m_total, "checking");
        }
        return {};
    }

    const JobContext& m_job;
    std::int64_t m_total;
    std::int64_t m_done = 0;
    std::size_t m_count = 0;
};

/// Stands for a weight that a file of weights alone does not hold: LoRA's factors are merged into
/// their kernel.
constexpr auto notInFile = static_cast<WeightIndex>(-1);

/// By where they lie in the file; absent where that does not tell.
std::optional<std::vector<WeightIndex>> pairByPlace(
    const Network& network, const Network& saved, const ModelFormat& format)
{
    if (format.places == nullptr)
        return std::nullopt;
    const std::vector<std::string> wanted = format.places(network);
    const std::vector<std::string> found = format.places(saved);
    std::multimap<std::string, WeightIndex> byPlace;
    for (WeightIndex i = 0; i < found.size(); ++i)
        byPlace.emplace(found[i], i);
    const bool holdsFewer = saved.weights.size() < network.weights.size();
    std::vector<WeightIndex> pairs;
    for (const std::string& place : wanted) {
        if (place.empty() && holdsFewer) {
            pairs.push_back(notInFile);
            continue;
        }
        const auto same = byPlace.find(place);
        if (same == byPlace.end())
            return std::nullopt;
        pairs.push_back(same->second);
        byPlace.erase(same);
    }
    if (holdsFewer && (!byPlace.empty() || found.empty()))
        return std::nullopt; // what is missing is something else
    return pairs;
}

/// The path of a weight without TensorFlow's number of an output: "dense/kernel:0".
std::string plainPath(const Weight& weight)
{
    const std::string& path = weight.path.empty() ? weight.name : weight.path;
    const auto mark = path.rfind(':');
    return mark == std::string::npos || path.find('/', mark) != std::string::npos
        ? path
        : path.substr(0, mark);
}

/// For each weight of `network` its place among the weights of `saved`. Other formats may list the
/// weights in another order; then they are found by where they lie, or by name. Where names became
/// unique and all shapes agree the order decides: a wrong pair would show in the values.
Result<std::vector<WeightIndex>> pairing(const Network& network, const Network& saved,
    const std::string& format, const ModelFormat& reader)
{
    std::vector<WeightIndex> pairs;
    if (network.weights.size() > saved.weights.size())
        if (auto placed = pairByPlace(network, saved, reader))
            return *std::move(placed);
    if (network.weights.size() != saved.weights.size())
        return Error(ErrorKind::Corrupt,
            "the check of what was written failed, so the old file was kept: it has "
                + std::to_string(saved.weights.size()) + " weights instead of "
                + std::to_string(network.weights.size()));
    std::vector<WeightIndex> inOrder;
    for (WeightIndex i = 0; i < network.weights.size(); ++i)
        inOrder.push_back(i);
    const bool sameOrder
        = std::ranges::equal(network.weights, saved.weights, {}, plainPath, plainPath);
    // What was turned into another Keras's has the name of its new format, not its order.
    const bool isOwn = network.file.format == format && network.carried.has_value();
    if (sameOrder || isOwn)
        return inOrder;
    if (auto placed = pairByPlace(network, saved, reader))
        return *std::move(placed);
    const bool sameShapes = std::ranges::equal(network.weights, saved.weights,
        [](const Weight& a, const Weight& b) { return a.value.shape() == b.value.shape(); });
    std::multimap<std::string, WeightIndex> byPath;
    for (WeightIndex i = 0; i < saved.weights.size(); ++i)
        byPath.emplace(plainPath(saved.weights[i]), i);
    for (const Weight& weight : network.weights) {
        // Layers of one name in different models have equal paths: take the first of equal shape.
        auto [found, end] = byPath.equal_range(plainPath(weight));
        while (found != end && saved.weights[found->second].value.shape() != weight.value.shape())
            ++found;
        if (found == end && sameShapes)
            return inOrder;
        if (found == end)
            return Error(ErrorKind::Corrupt,
                "the check of what was written failed, so the old file was kept: the weight is "
                "missing")
                .in(weight.path);
        pairs.push_back(found->second);
        byPath.erase(found);
    }
    return pairs;
}

Result<void> compareOptimizers(const OptimizerState& wanted, const OptimizerState& found,
    const std::vector<WeightIndex>& pairs, Comparison& comparison)
{
    // Arrays that have nothing but names do not tell what they are for.
    const bool areNamesOnly = std::ranges::none_of(found.variables,
        [](const OptimizerVariable& variable) { return variable.role == SlotRole::Slot; });
    const bool sameOrder = wanted.variables.size() == found.variables.size()
        && (areNamesOnly || wanted.dialect == found.dialect);
    for (std::size_t i = 0; i < wanted.variables.size(); ++i) {
        const OptimizerVariable& variable = wanted.variables[i];
        if (sameOrder) {
            // The count of steps may have been set in the state alone.
            const bool isCount = variable.role == SlotRole::Iteration && wanted.iterations;
            TRY_DO(comparison.compare(variable.name,
                isCount ? StoredTensor(Tensor::scalar(*wanted.iterations)) : variable.value,
                found.variables[i].value));
            continue;
        }
        const auto same = std::ranges::find_if(found.variables, [&](const auto& candidate) {
            return variable.role == SlotRole::Slot && candidate.role == SlotRole::Slot
                && candidate.slot == variable.slot && candidate.weight && variable.weight
                && *candidate.weight == pairs[*variable.weight];
        });
        if (same != found.variables.end())
            TRY_DO(comparison.compare(variable.name, variable.value, same->value));
    }
    if (!sameOrder && wanted.iterations && !wanted.variables.empty()
        && found.iterations != wanted.iterations)
        return Error(ErrorKind::Corrupt,
            "the check of what was written failed, so the old file was kept: the optimizer's step "
            "count differs");
    return {};
}

} // namespace

Result<std::size_t> compareSaved(const Network& network, const ModelFormat& format,
    const std::filesystem::path& path, const WriteOptions& options, const JobContext& job)
{
    TRY(const Network saved, format.read(path, job));
    std::int64_t bytes = 0;
    for (const Weight& weight : network.weights)
        bytes += weight.value.byteCount();
    const bool hasOptimizer = options.optimizer == OptimizerInFile::Keep && network.optimizer
        && (!saved.file.weightsOnly || saved.optimizer);
    if (hasOptimizer)
        for (const OptimizerVariable& variable : network.optimizer->variables)
            bytes += variable.value.byteCount();
    Comparison comparison(job, bytes);
    TRY(const auto pairs, pairing(network, saved, options.format, format));
    for (WeightIndex i = 0; i < network.weights.size(); ++i)
        if (pairs[i] != notInFile)
            TRY_DO(comparison.compare(
                network.weights[i].path, network.weights[i].value, saved.weights[pairs[i]].value));
    if (hasOptimizer) {
        if (!saved.optimizer)
            return Error(ErrorKind::Corrupt,
                "the check of what was written failed, so the old file was kept: the optimizer is "
                "missing");
        TRY_DO(compareOptimizers(*network.optimizer, *saved.optimizer, pairs, comparison));
    }
    return comparison.count();
}

} // namespace layerscope::formats
