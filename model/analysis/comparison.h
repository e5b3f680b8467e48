#pragma once

#include "model/core/job_context.h"
#include "model/network/network.h"

namespace layerscope::analysis {

/// A value of a configuration that differs.
struct SettingChange
{
    std::string where; ///< "units", "optimizer/learning_rate"
    Json before; ///< null where A has none
    Json after; ///< null where B has none
};

/// A layer that is in one network only, or is configured otherwise.
struct LayerChange
{
    enum class Kind { OnlyInA, OnlyInB, Changed };
    Kind kind = Kind::Changed;
    std::string layer; ///< path in A, for OnlyInB in B
    std::string other; ///< path in B where it has another
    std::string className;
    std::vector<SettingChange> settings;
};

/// What two arrays have in common.
struct ValueChange
{
    std::string name; ///< path in A, or in B where A has none
    std::optional<Shape> shapeA;
    std::optional<Shape> shapeB;
    bool isIdentical = false; ///< dtype, shape and bits
    std::optional<double> distance; ///< norm(A - B) / norm(A), over finite values; infinite where A
                                    ///< is zero; nothing where shapes differ
    std::optional<double> largest; ///< of |A - B|

    /// Whether it counts as equal; texts and other shapes do so only when identical.
    bool isWithin(double tolerance) const
    {
        return isIdentical || (distance && *distance <= tolerance);
    }
};

/// What differs between two saved models.
struct Comparison
{
    std::vector<LayerChange> layers;
    std::vector<SettingChange> training;
    std::vector<SettingChange> optimizer; ///< class, settings, step count
    std::vector<ValueChange> weights; ///< all, identical ones too, in A's order
    std::vector<ValueChange> optimizerVariables;
    std::vector<std::string> remarks;

    bool isEqual(double tolerance) const;
};

/// Compares architecture (layers aligned by path, then by class and shapes of weights), training
/// set-up, weights and optimizer. Networks of different Keras generations are compared in the
/// dialect of Keras 3, so that only what means something else counts.
/// Errors  Stopped; what loading an array says
Result<Comparison> compareNetworks(const Network& a, const Network& b, const JobContext& job = {});

/// `diff --json`: {"equal", "tolerance", "architecture", "training", "optimizer", "weights",
/// "optimizer_variables", "remarks"}; of arrays only those that differ, and how many are equal.
Json comparisonReport(const Comparison& comparison, double tolerance);

/// The same in words.
std::string comparisonText(const Comparison& comparison, double tolerance);

} // namespace layerscope::analysis
