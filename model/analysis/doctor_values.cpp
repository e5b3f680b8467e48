#include "model/analysis/doctor_values.h"

#include "model/analysis/doctor_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

// What the numbers in a file say about its health. Thresholds are cautious: a sound model, trained
// or fresh, gives no warning.

namespace layerscope::analysis {

namespace {

constexpr double largeWeight = 1e4; ///< of a kernel; trained ones stay below a few hundred
constexpr double smallVariance = 1e-10; ///< of BatchNormalization, whose epsilon is 1e-3 to 1e-5
constexpr double deadMargin = 6; ///< standard deviations below zero, for inputs of unit variance
constexpr double saturatedBias = 30; ///< a sigmoid there is 1 - 1e-13
constexpr std::int64_t mostCompared = std::int64_t{ 1 } << 26; ///< values of one kernel

/// "kernel" of "dense/kernel:0".
std::string baseName(const std::string& name)
{
    const std::string plain = name.substr(0, name.rfind(':'));
    return plain.substr(plain.rfind('/') + 1);
}

bool isKernel(const std::string& name)
{
    return name.ends_with("kernel") || name == "embeddings" || name.ends_with("_W");
}

std::string configText(const Layer& layer, const char* key)
{
    const auto found = layer.config.is_object() ? layer.config.find(key) : layer.config.end();
    if (!layer.config.is_object() || found == layer.config.end())
        return {};
    if (found->is_string())
        return found->get<std::string>();
    if (found->is_object() && found->contains("class_name") && (*found)["class_name"].is_string())
        return (*found)["class_name"].get<std::string>();
    return {};
}

bool startsAtOneValue(const Layer& layer)
{
    const std::string initializer = configText(layer, "kernel_initializer");
    static constexpr auto constants = std::to_array<std::string_view>({ "Zeros", "zeros", "Ones",
        "ones", "Constant", "zero", "one", "constant", "Identity", "identity" });
    return std::ranges::find(constants, initializer) != constants.end();
}

/// Limit of the uniform distribution that the kernel began with; 0 where it began otherwise.
double uniformLimit(const Layer& layer, const Shape& shape)
{
    const std::string initializer = configText(layer, "kernel_initializer");
    if (shape.size() < 2 || (initializer != "GlorotUniform" && initializer != "glorot_uniform"))
        return 0;
    double field = 1;
    for (std::size_t i = 0; i + 2 < shape.size(); ++i)
        field *= static_cast<double>(shape[i]);
    const double fans
        = field * static_cast<double>(shape[shape.size() - 2] + shape[shape.size() - 1]);
    return fans > 0 ? std::sqrt(6.0 / fans) : 0;
}

class WeightRules
{
public:
    WeightRules(const Network& network, const Layer* layer, const std::string& path,
        const Weight& weight, std::vector<Finding>& findings)
        : m_network(network)
        , m_layer(layer)
        , m_path(path)
        , m_weight(weight)
        , m_name(baseName(weight.name))
        , m_findings(findings)
    {
    }

    void look(const Statistics& s)
    {
        if (s.nan + s.inf > 0)
            add("not-finite", Severity::Error,
                { WORDS("doctor", "%1 of %2 values of %3 are NaN or infinite."), s.nan + s.inf,
                    s.count, m_name },
                WORDS("doctor",
                    "Every output that they reach is NaN, and so is the next loss: training has "
                    "diverged."),
                WORDS("doctor",
                    "Go back to an earlier checkpoint and train with a smaller "
                    "learning rate or clipped gradients."));
        if (s.finite() == 0)
            return;
        lookAtConstants(s);
        lookAtVariance(s);
        lookAtSize(s);
        lookAtStart(s);
    }

private:
    void add(const char* rule, Severity severity, Sentence what, Sentence why, Sentence remedy)
    {
        m_findings.push_back({ rule, severity, m_path, m_layer != nullptr, std::move(what),
            std::move(why), std::move(remedy) });
    }

    bool isLayerKernel() const { return m_layer != nullptr && isKernel(m_name); }

    void lookAtConstants(const Statistics& s)
    {
        if (!isLayerKernel() || s.count < 4 || s.min != s.max || startsAtOneValue(*m_layer))
            return;
        if (s.min == 0)
            add("all-zero", Severity::Warning,
                { WORDS("doctor", "All %1 values of %2 are zero."), s.count, m_name },
                WORDS("doctor", "The layer passes nothing on but its bias."),
                WORDS("doctor", "See whether it was meant to be pruned, or was never filled."));
        else
            add("constant", Severity::Warning,
                { WORDS("doctor", "All %1 values of %2 are %3."), s.count, m_name, s.min },
                WORDS("doctor",
                    "All units compute the same and get the same gradient, so they stay the same."),
                WORDS("doctor", "Initialize the layer at random and train it."));
    }

    void lookAtVariance(const Statistics& s)
    {
        if (m_name != "moving_variance" && m_name != "running_std")
            return;
        if (s.min < 0)
            add("negative-variance", Severity::Error,
                { WORDS("doctor", "A moving variance is negative: %1."), s.min },
                WORDS("doctor", "Its square root is NaN, and so is everything after this layer."),
                WORDS("doctor", "Train some steps more, so that the averages are built anew."));
        else if (s.min < smallVariance && s.max > 0)
            add("tiny-variance", Severity::Note,
                { WORDS("doctor", "A moving variance is as small as %1."), s.min },
                WORDS("doctor",
                    "That channel is (nearly) constant; what little it varies is blown up by the "
                    "division."),
                WORDS("doctor", "See whether the filter before it can still fire."));
    }

    void lookAtSize(const Statistics& s)
    {
        const double largest = std::max(std::fabs(s.min), std::fabs(s.max));
        if (isLayerKernel() && largest > largeWeight)
            add("exploding", Severity::Warning,
                { WORDS("doctor", "The largest value of %1 is %2."), m_name, largest },
                WORDS("doctor",
                    "Weights beyond 10,000 are a sign of training that runs away; float16 ends at "
                    "65,504."),
                WORDS("doctor", "Train with a smaller learning rate, or clip the gradients."));
    }

    /// Inside its initializer's interval, with that interval's spread, and no step was made.
    void lookAtStart(const Statistics& s)
    {
        const bool isFresh
            = m_network.optimizer && m_network.optimizer->iterations.value_or(-1) == 0;
        constexpr std::int64_t enough = 64;
        if (!isFresh || !isLayerKernel() || s.count < enough)
            return;
        const double limit = uniformLimit(*m_layer, m_weight.value.shape());
        const double spread = limit / std::sqrt(3.0);
        if (limit > 0 && std::max(-s.min, s.max) <= limit * 1.000001
            && std::fabs(s.std - spread) < 0.15 * spread)
            add("untrained", Severity::Note,
                { WORDS("doctor",
                      "%1 looks untrained: all its values lie within the interval that "
                      "GlorotUniform draws from, ±%2."),
                    m_name, limit },
                WORDS("doctor", "The optimizer stands at step 0, too: nothing was learned yet."),
                WORDS("doctor", "Train the model, or open a later checkpoint."));
    }

    const Network& m_network;
    const Layer* m_layer;
    const std::string& m_path;
    const Weight& m_weight;
    std::string m_name;
    std::vector<Finding>& m_findings;
};

/// Columns of a kernel: what leads into one unit or filter.
struct Columns
{
    std::span<const float> values;
    std::int64_t rows = 0;
    std::int64_t columns = 0;

    double squaredNorm(std::int64_t column) const
    {
        double sum = 0;
        for (std::int64_t row = 0; row < rows; ++row) {
            const double value = values[static_cast<std::size_t>(row * columns + column)];
            sum += value * value;
        }
        return sum;
    }

    bool areEqual(std::int64_t a, std::int64_t b) const
    {
        for (std::int64_t row = 0; row < rows; ++row)
            if (values[static_cast<std::size_t>(row * columns + a)]
                != values[static_cast<std::size_t>(row * columns + b)])
                return false;
        return true;
    }
};

/// Rules that need kernel and bias of one layer together.
class UnitRules
{
public:
    UnitRules(const Layer& layer, std::string path, std::vector<Finding>& findings)
        : m_layer(layer)
        , m_path(std::move(path))
        , m_findings(findings)
    {
    }

    static bool fits(const Layer& layer)
    {
        static constexpr auto classes = std::to_array<std::string_view>(
            { "Dense", "Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D" });
        return std::ranges::find(classes, layer.className) != classes.end();
    }

    void look(const Tensor& kernel, const Tensor* bias)
    {
        const Shape& shape = kernel.shape();
        if (shape.size() < 2 || shape.back() < 2 || kernel.count() == 0)
            return;
        const Columns columns{ kernel.valuesAs<float>(), kernel.count() / shape.back(),
            shape.back() };
        std::vector<double> norms;
        for (std::int64_t i = 0; i < columns.columns; ++i)
            norms.push_back(std::sqrt(columns.squaredNorm(i)));
        lookForEqual(columns, norms);
        if (bias != nullptr && bias->count() == shape.back())
            lookAtBias(norms, bias->valuesAs<float>());
    }

private:
    void add(const char* rule, Severity severity, Sentence what, Sentence why, Sentence remedy)
    {
        m_findings.push_back(
            { rule, severity, m_path, true, std::move(what), std::move(why), std::move(remedy) });
    }

    void lookForEqual(const Columns& columns, const std::vector<double>& norms)
    {
        std::map<double, std::vector<std::int64_t>> byNorm; // equal columns have equal norms
        for (std::int64_t i = 0; i < columns.columns; ++i)
            if (const double norm = norms[static_cast<std::size_t>(i)];
                norm > 0 && std::isfinite(norm))
                byNorm[norm].push_back(i);
        std::int64_t twins = 0;
        for (const auto& [norm, group] : byNorm)
            for (std::size_t i = 1; i < group.size(); ++i)
                twins += columns.areEqual(group[0], group[i]) ? 1 : 0;
        if (twins == 0 || columns.rows < 2 || startsAtOneValue(m_layer))
            return;
        const bool isAll = twins == columns.columns - 1;
        add("equal-filters", isAll ? Severity::Warning : Severity::Note,
            { WORDS("doctor", "%1 of %2 units or filters have the very weights of another one."),
                twins, columns.columns },
            WORDS("doctor",
                "They compute the same, and while their gradients agree they stay the "
                "same."),
            WORDS("doctor", "A smaller layer may do, or another initialization."));
    }

    void lookAtBias(const std::vector<double>& norms, std::span<const float> bias)
    {
        const std::string activation = configText(m_layer, "activation");
        std::int64_t dead = 0, saturated = 0;
        for (std::size_t i = 0; i < norms.size(); ++i) {
            const double value = bias[i];
            dead += value < 0 && value < -deadMargin * norms[i] ? 1 : 0;
            saturated += std::fabs(value) > saturatedBias + deadMargin * norms[i] ? 1 : 0;
        }
        const auto count = static_cast<std::int64_t>(norms.size());
        if ((activation == "relu" || activation == "ReLU") && dead > 0)
            add("dead-units", dead == count ? Severity::Warning : Severity::Note,
                { WORDS("doctor",
                      "%1 of %2 ReLU units can hardly ever fire: their bias lies more than %3 row "
                      "norms below zero."),
                    dead, count, deadMargin },
                WORDS("doctor",
                    "For inputs of unit variance they give 0 throughout, and a unit that gives 0 "
                    "learns nothing."),
                WORDS("doctor",
                    "Try LeakyReLU, a smaller learning rate, or another "
                    "initialization."));
        if ((activation == "sigmoid" || activation == "tanh") && saturated > 0)
            add("saturated-bias", Severity::Note,
                { WORDS("doctor", "%1 of %2 %3 units are saturated by their bias alone."),
                    saturated, count, activation },
                WORDS("doctor", "They give the same whatever comes in, and learn nothing."),
                WORDS("doctor", "See whether the bias was scaled by mistake."));
    }

    const Layer& m_layer;
    std::string m_path;
    std::vector<Finding>& m_findings;
};

bool isReadable(const StoredTensor& value)
{
    return isFloating(value.dtype());
}

/// Kernel and bias of each plain layer, where they are of a size that is read twice without pain.
Result<void> examineUnits(const Network& network, Diagnosis& diagnosis, const JobContext& job)
{
    std::vector<std::pair<const Layer*, std::string>> layers;
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& names) {
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : "/") + name;
        if (UnitRules::fits(layer) && !layer.weights.empty())
            layers.emplace_back(&layer, path);
    });
    const auto load = [&](const Layer& layer, std::size_t i) -> std::optional<Tensor> {
        if (i >= layer.weights.size())
            return std::nullopt;
        const StoredTensor& stored = network.weights[layer.weights[i]].value;
        if (!isReadable(stored) || stored.count() > mostCompared)
            return std::nullopt;
        auto tensor = stored.load();
        auto floats = tensor ? tensor->converted(DType::Float32) : Result<Tensor>(tensor.error());
        return floats ? std::optional(*std::move(floats)) : std::nullopt;
    };
    for (const auto& [layer, path] : layers) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "the check was stopped");
        const auto kernel = load(*layer, 0);
        const auto bias = load(*layer, 1);
        if (kernel)
            UnitRules(*layer, path, diagnosis.findings).look(*kernel, bias ? &*bias : nullptr);
    }
    return {};
}

/// Slots that sum or average squares and can never be negative.
bool isOfSquares(const OptimizerVariable& variable, const std::string& className)
{
    if (className == "Adadelta" || className == "Adagrad" || className == "RMSprop")
        return variable.slot != "momentum" && variable.slot != "average_gradient";
    const bool isAdam = className.find("Adam") != std::string::npos || className == "Nadam"
        || className == "Lamb";
    return isAdam
        && (variable.slot == "velocity" || variable.slot == "velocity_hat"
            || variable.slot == "norm");
}

} // namespace

ValueDoctor::ValueDoctor(const Network& network)
    : m_network(network)
    , m_owners(network.weights.size())
{
    visitLayers(network.model, [this](const Layer& layer, const std::vector<std::string>& names) {
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : "/") + name;
        for (const WeightIndex index : layer.weights)
            if (index < m_owners.size() && m_owners[index].layer == nullptr)
                m_owners[index] = { &layer, path };
    });
}

std::vector<Finding> ValueDoctor::weight(WeightIndex index, const Statistics& statistics) const
{
    std::vector<Finding> findings;
    const Owner& owner = m_owners[index];
    WeightRules(m_network, owner.layer, owner.path, m_network.weights[index], findings)
        .look(statistics);
    return findings;
}

std::vector<Finding> ValueDoctor::slot(std::size_t index, const Statistics& s) const
{
    const OptimizerVariable& variable = m_network.optimizer->variables[index];
    const Sentence remedy
        = WORDS("doctor", "Remove the optimizer's state; training then starts it afresh.");
    if (s.nan + s.inf > 0)
        return { { "optimizer-not-finite", Severity::Error, "optimizer", false,
            { WORDS("doctor", "%1 of %2 values of the optimizer's %3 are NaN or infinite."),
                s.nan + s.inf, s.count, variable.name },
            WORDS("doctor", "The next step turns the weights into NaN."), remedy,
            { RemedyKind::StripOptimizer, {} } } };
    if (s.finite() > 0 && s.min < 0 && variable.role == SlotRole::Slot
        && isOfSquares(variable, m_network.optimizer->className))
        return { { "negative-squares", Severity::Error, "optimizer", false,
            { WORDS("doctor",
                  "The optimizer's %1 holds averages of squares, and its smallest value is %2."),
                variable.name, s.min },
            WORDS("doctor",
                "A negative one gives NaN in the next step: the state does not belong to these "
                "weights, or stands in another order."),
            remedy, { RemedyKind::StripOptimizer, {} } } };
    return {};
}

Result<void> examineValues(const Network& network, Diagnosis& diagnosis, const JobContext& job)
{
    const ValueDoctor doctor(network);
    const auto take = [&diagnosis](std::vector<Finding> found) {
        std::ranges::move(found, std::back_inserter(diagnosis.findings));
    };
    StatisticsOptions options;
    options.bins = 0;
    options.threads = 0;
    const std::size_t slots = network.optimizer ? network.optimizer->variables.size() : 0;
    const auto total = static_cast<std::int64_t>(network.weights.size() + slots);
    const JobContext quiet(job.stopToken(), {});
    const auto statisticsOf = [&](const StoredTensor& value) -> Result<std::optional<Statistics>> {
        if (!isReadable(value))
            return std::optional<Statistics>();
        const auto tensor = value.load();
        if (!tensor)
            return std::optional<Statistics>(); // reported by the reader
        auto statistics = computeStatistics(*tensor, options, quiet);
        if (!statistics && statistics.error().kind() == ErrorKind::Stopped)
            return statistics.error();
        return statistics ? std::optional(*std::move(statistics)) : std::nullopt;
    };
    for (WeightIndex i = 0; i < network.weights.size(); ++i) {
        job.report(static_cast<std::int64_t>(i), total, network.weights[i].name);
        TRY(const auto statistics, statisticsOf(network.weights[i].value));
        if (statistics)
            take(doctor.weight(i, *statistics));
    }
    for (std::size_t i = 0; i < slots; ++i) {
        job.report(static_cast<std::int64_t>(network.weights.size() + i), total);
        TRY(const auto statistics, statisticsOf(network.optimizer->variables[i].value));
        if (statistics)
            take(doctor.slot(i, *statistics));
    }
    TRY_DO(examineUnits(network, diagnosis, job));
    diagnosis.checked.emplace_back(
        WORDS("doctor", "values: NaN, constant kernels, variances, dead units, equal filters"));
    return {};
}

} // namespace layerscope::analysis
