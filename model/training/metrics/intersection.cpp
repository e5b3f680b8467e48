// Intersection over union of classes, from a confusion matrix.
#include "model/training/metrics/metric.h"

#include <algorithm>

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Value;

struct IouKind
{
    bool oneHotTarget = false;
    bool oneHotPrediction = false;
    bool binary = false;
    bool allClasses = false;
};

class IntersectionOverUnion final : public Metric
{
public:
    IntersectionOverUnion(const Settings& settings, IouKind kind)
        : m_kind(kind)
        , m_classes(std::clamp<std::int64_t>(
              kind.binary ? 2 : settings.integer("num_classes", 2), 1, 4096))
        , m_threshold(settings.number("threshold", 0.5))
        , m_keras3(settings.isKeras3())
    {
        m_kind.oneHotTarget
            = kind.oneHotTarget || !settings.flag("sparse_y_true", !kind.oneHotTarget);
        m_kind.oneHotPrediction = !settings.flag("sparse_y_pred", !kind.oneHotPrediction);
        if (settings.has("ignore_class"))
            m_ignored = settings.integer("ignore_class", 0);
        for (const double id : settings.numbers("target_class_ids")) {
            if (id >= 0 && id < static_cast<double>(m_classes))
                m_targets.push_back(static_cast<std::size_t>(id));
        }
        if (kind.allClasses || m_targets.empty()) {
            m_targets.clear();
            for (std::int64_t i = 0; i < m_classes; ++i)
                m_targets.push_back(static_cast<std::size_t>(i));
        }
    }

    std::vector<MetricPart> build(MetricCall& call) const override
    {
        ops::Builder& builder = call.builder;
        const auto flat
            = [&](Value x) { return builder.reshape(builder.cast(x, DType::Int64), { -1 }); };
        const std::int64_t axis = call.settings.integer("axis", -1);
        Value prediction = call.prediction;
        if (m_kind.binary)
            prediction = builder.cast(
                builder.binary(Binary::GreaterEqual, prediction, builder.scalar(m_threshold)),
                DType::Int64);
        else if (m_kind.oneHotPrediction)
            prediction = builder.argMax(prediction, axis);
        const Value target
            = flat(m_kind.oneHotTarget ? builder.argMax(call.target, axis) : call.target);
        const Value truth = builder.oneHot(target, m_classes);
        Value weighted = truth;
        if (m_ignored) {
            const Value counts = builder.binary(Binary::NotEqual, target,
                builder.scalar(static_cast<double>(*m_ignored), DType::Int64));
            weighted = builder.multiply(
                weighted, builder.expandDims(builder.cast(counts, DType::Float32), -1));
        }
        if (call.weights || (call.mask && !m_keras3)) {
            const Value given = call.weights ? call.weights : call.mask;
            const Value weights = builder.reshape(builder.cast(given, DType::Float32), { -1, 1 });
            if (builder.shape(weights)[0] == builder.shape(weighted)[0])
                weighted = builder.multiply(weighted, weights);
        }
        const Value guess = builder.oneHot(flat(prediction), m_classes);
        return { { builder.matmul(weighted, guess, ops::Transposed::Yes, ops::Transposed::No) } };
    }

    double result(std::span<const double> sums) const override
    {
        const auto n = static_cast<std::size_t>(m_classes);
        double total = 0;
        double valid = 0;
        for (const std::size_t id : m_targets) {
            double row = 0;
            double column = 0;
            for (std::size_t i = 0; i < n; ++i) {
                row += sums[id * n + i];
                column += sums[i * n + id];
            }
            const double both = sums[id * n + id];
            const double either = row + column - both;
            if (either <= 0)
                continue;
            total += both / (either + (m_keras3 ? kerasEpsilon : 0));
            valid += 1;
        }
        return valid == 0 ? 0 : total / (valid + (m_keras3 ? kerasEpsilon : 0));
    }

private:
    IouKind m_kind;
    std::int64_t m_classes;
    double m_threshold;
    bool m_keras3;
    std::optional<std::int64_t> m_ignored;
    std::vector<std::size_t> m_targets;
};

template<bool oneHot, bool binary, bool all>
std::unique_ptr<Metric> createIntersection(const Settings& settings)
{
    return std::make_unique<IntersectionOverUnion>(
        settings, IouKind{ oneHot, oneHot, binary, all });
}

} // namespace

extern const MetricFamily intersection_metrics;
const MetricFamily intersection_metrics{ {
    { { "IoU" }, "io_u", createIntersection<false, false, false> },
    { { "BinaryIoU" }, "binary_io_u", createIntersection<false, true, false> },
    { { "MeanIoU" }, "mean_io_u", createIntersection<false, false, true> },
    { { "OneHotIoU" }, "one_hot_io_u", createIntersection<true, false, false> },
    { { "OneHotMeanIoU" }, "one_hot_mean_io_u", createIntersection<true, false, true> },
} };

} // namespace layerscope::training
