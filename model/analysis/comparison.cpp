#include "model/analysis/comparison.h"

#include "model/analysis/array_distance.h"
#include "model/crossing/crossing.h"
#include "model/network/attach_slots.h"

#include <algorithm>
#include <map>
#include <set>

namespace layerscope::analysis {

namespace {

constexpr int deepestSetting = 64;

void compareJson(const std::string& where, const Json& a, const Json& b,
    std::vector<SettingChange>& changes, int depth = 0)
{
    if (a == b)
        return;
    const bool bothObjects = a.is_object() && b.is_object();
    const bool bothLists = a.is_array() && b.is_array() && a.size() == b.size();
    if (depth > deepestSetting || (!bothObjects && !bothLists)) {
        changes.push_back({ where, a, b });
        return;
    }
    const auto inside
        = [&](const std::string& key) { return where.empty() ? key : where + "/" + key; };
    if (bothLists) {
        for (std::size_t i = 0; i < a.size(); ++i)
            compareJson(inside(std::to_string(i)), a[i], b[i], changes, depth + 1);
        return;
    }
    for (const auto& [key, value] : a.items())
        compareJson(inside(key), value, b.contains(key) ? b[key] : Json(), changes, depth + 1);
    for (const auto& [key, value] : b.items())
        if (!a.contains(key))
            compareJson(inside(key), Json(), value, changes, depth + 1);
}

/// A layer with where it stands.
struct Placed
{
    const Layer* layer = nullptr;
    std::string path;
};

std::vector<Placed> placedLayers(const Network& network)
{
    std::vector<Placed> found;
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        if (!path.empty())
            found.push_back({ &layer, network::joinedPath(path) });
    });
    return found;
}

/// Does its work for one pair; see compareNetworks().
class Comparing
{
public:
    Comparing(const Network& a, const Network& b, const JobContext& job)
        : m_a(a)
        , m_b(b)
        , m_job(job)
    {
    }

    Result<Comparison> run();

private:
    void alignLayers();
    bool looksAlike(const Layer& a, const Layer& b) const;
    void compareLayers();
    void pairWeights();
    Result<void> compareWeights();
    Result<void> compareOptimizers();
    Result<ValueChange> compareArrays(
        const std::string& name, const StoredTensor& a, const StoredTensor& b);
    const OptimizerVariable* counterpart(
        const OptimizerVariable& variable, std::size_t index) const;

    const Network& m_a;
    const Network& m_b;
    const JobContext& m_job;
    Comparison m_result;
    std::vector<Placed> m_layersA;
    std::vector<Placed> m_layersB;
    std::map<std::size_t, std::size_t> m_layerPairs;
    std::map<WeightIndex, WeightIndex> m_weightPairs;
};

bool Comparing::looksAlike(const Layer& a, const Layer& b) const
{
    if (a.className != b.className || a.weights.size() != b.weights.size())
        return false;
    return std::ranges::equal(a.weights, b.weights, [&](WeightIndex left, WeightIndex right) {
        return m_a.weights[left].value.shape() == m_b.weights[right].value.shape();
    });
}

void Comparing::alignLayers()
{
    m_layersA = placedLayers(m_a);
    m_layersB = placedLayers(m_b);
    std::map<std::string, std::size_t> byPath;
    for (std::size_t i = 0; i < m_layersB.size(); ++i)
        byPath.emplace(m_layersB[i].path, i);
    std::set<std::size_t> taken;
    for (std::size_t i = 0; i < m_layersA.size(); ++i)
        if (const auto found = byPath.find(m_layersA[i].path);
            found != byPath.end() && taken.insert(found->second).second)
            m_layerPairs.emplace(i, found->second);
    // The rest in order: renamed layers keep their class and shapes.
    std::size_t next = 0;
    for (std::size_t i = 0; i < m_layersA.size(); ++i) {
        if (m_layerPairs.contains(i))
            continue;
        for (std::size_t j = next; j < m_layersB.size(); ++j) {
            if (taken.contains(j) || !looksAlike(*m_layersA[i].layer, *m_layersB[j].layer))
                continue;
            taken.insert(j);
            m_layerPairs.emplace(i, j);
            next = j + 1;
            break;
        }
    }
}

void Comparing::compareLayers()
{
    std::set<std::size_t> inBoth;
    const bool bothKnown = !m_a.architecture.isEmpty() && !m_b.architecture.isEmpty();
    for (std::size_t i = 0; i < m_layersA.size(); ++i) {
        const auto& [layer, path] = m_layersA[i];
        const auto pair = m_layerPairs.find(i);
        if (pair == m_layerPairs.end()) {
            m_result.layers.push_back(
                { LayerChange::Kind::OnlyInA, path, {}, layer->className, {} });
            continue;
        }
        inBoth.insert(pair->second);
        const auto& [other, otherPath] = m_layersB[pair->second];
        LayerChange change{ LayerChange::Kind::Changed, path,
            otherPath == path ? std::string() : otherPath, layer->className, {} };
        if (bothKnown) {
            if (layer->className != other->className)
                change.settings.push_back({ "class", layer->className, other->className });
            compareJson("", layer->config, other->config, change.settings);
            std::erase_if(
                change.settings, [&](const SettingChange& one) { return one.where == "name"; });
        }
        if (!change.settings.empty() || !change.other.empty())
            m_result.layers.push_back(std::move(change));
    }
    for (std::size_t j = 0; j < m_layersB.size(); ++j)
        if (!inBoth.contains(j))
            m_result.layers.push_back({ LayerChange::Kind::OnlyInB, m_layersB[j].path, {},
                m_layersB[j].layer->className, {} });
}

void Comparing::pairWeights()
{
    std::set<WeightIndex> taken;
    for (const auto& [i, j] : m_layerPairs) {
        const auto& left = m_layersA[i].layer->weights;
        const auto& right = m_layersB[j].layer->weights;
        for (std::size_t k = 0; k < std::min(left.size(), right.size()); ++k)
            if (!m_weightPairs.contains(left[k]) && taken.insert(right[k]).second)
                m_weightPairs.emplace(left[k], right[k]);
    }
    // Files that group weights otherwise may still list the same ones in the same order.
    const bool sameOrder = m_weightPairs.empty()
        && std::ranges::equal(m_a.weights, m_b.weights,
            [](const Weight& a, const Weight& b) { return a.value.shape() == b.value.shape(); });
    for (WeightIndex i = 0; sameOrder && i < m_a.weights.size(); ++i)
        m_weightPairs.emplace(i, i);
    if (!sameOrder && m_layersA.empty() && m_layersB.empty())
        for (WeightIndex i = 0; i < std::min(m_a.weights.size(), m_b.weights.size()); ++i)
            m_weightPairs.emplace(i, i);
}

Result<ValueChange> Comparing::compareArrays(
    const std::string& name, const StoredTensor& a, const StoredTensor& b)
{
    ValueChange change{ name, a.shape(), b.shape(), false, {}, {} };
    if (a.sharesArrayWith(b)) {
        change.isIdentical = true;
        return change;
    }
    const auto left = a.load();
    const auto right = b.load();
    if (!left || !right)
        return Error((left ? right : left).error()).in(name);
    change.isIdentical = left->identicalTo(*right);
    if (change.isIdentical || a.shape() != b.shape() || a.dtype() == DType::String
        || b.dtype() == DType::String)
        return change;
    TRY(const ArrayDistance distance, arrayDistance(*left, *right));
    change.distance = distance.relative;
    change.largest = distance.largest;
    return change;
}

Result<void> Comparing::compareWeights()
{
    std::set<WeightIndex> inBoth;
    const auto total = static_cast<std::int64_t>(m_a.weights.size());
    for (WeightIndex i = 0; i < m_a.weights.size(); ++i) {
        if (m_job.stopRequested())
            return Error(ErrorKind::Stopped, "stopped");
        m_job.report(static_cast<std::int64_t>(i), total, "comparing");
        const Weight& weight = m_a.weights[i];
        const auto pair = m_weightPairs.find(i);
        if (pair == m_weightPairs.end()) {
            m_result.weights.push_back({ weight.path, weight.value.shape(), {}, false, {}, {} });
            continue;
        }
        inBoth.insert(pair->second);
        TRY(auto change, compareArrays(weight.path, weight.value, m_b.weights[pair->second].value));
        m_result.weights.push_back(std::move(change));
    }
    for (WeightIndex j = 0; j < m_b.weights.size(); ++j)
        if (!inBoth.contains(j))
            m_result.weights.push_back(
                { m_b.weights[j].path, {}, m_b.weights[j].value.shape(), false, {}, {} });
    return {};
}

/// The variable of B that does for B's weight what `variable` does for A's; else the one in the
/// same place of the list.
const OptimizerVariable* Comparing::counterpart(
    const OptimizerVariable& variable, std::size_t index) const
{
    const auto& others = m_b.optimizer->variables;
    if (variable.role == SlotRole::Unknown)
        return index < others.size() ? &others[index] : nullptr;
    const auto pair = variable.weight ? m_weightPairs.find(*variable.weight) : m_weightPairs.end();
    const auto found = std::ranges::find_if(others, [&](const OptimizerVariable& other) {
        if (other.role != variable.role || other.slot != variable.slot)
            return false;
        return !variable.weight || (pair != m_weightPairs.end() && other.weight == pair->second);
    });
    return found != others.end() ? &*found : nullptr;
}

Result<void> Comparing::compareOptimizers()
{
    if (!m_a.optimizer && !m_b.optimizer)
        return {};
    if (!m_a.optimizer || !m_b.optimizer) {
        m_result.optimizer.push_back(
            { "state", m_a.optimizer ? Json(m_a.optimizer->className) : Json(),
                m_b.optimizer ? Json(m_b.optimizer->className) : Json() });
        return {};
    }
    const OptimizerState& a = *m_a.optimizer;
    const OptimizerState& b = *m_b.optimizer;
    if (a.className != b.className)
        m_result.optimizer.push_back({ "class", a.className, b.className });
    compareJson("", a.config, b.config, m_result.optimizer);
    if (a.iterations != b.iterations)
        m_result.optimizer.push_back({ "iterations", a.iterations ? Json(*a.iterations) : Json(),
            b.iterations ? Json(*b.iterations) : Json() });
    std::set<const OptimizerVariable*> inBoth;
    for (std::size_t i = 0; i < a.variables.size(); ++i) {
        if (m_job.stopRequested())
            return Error(ErrorKind::Stopped, "stopped");
        const OptimizerVariable& variable = a.variables[i];
        const OptimizerVariable* other = counterpart(variable, i);
        if (other == nullptr) {
            m_result.optimizerVariables.push_back(
                { variable.name, variable.value.shape(), {}, false, {}, {} });
            continue;
        }
        inBoth.insert(other);
        TRY(auto change, compareArrays(variable.name, variable.value, other->value));
        m_result.optimizerVariables.push_back(std::move(change));
    }
    for (const OptimizerVariable& other : b.variables)
        if (!inBoth.contains(&other))
            m_result.optimizerVariables.push_back(
                { other.name, {}, other.value.shape(), false, {}, {} });
    return {};
}

Result<Comparison> Comparing::run()
{
    alignLayers();
    compareLayers();
    pairWeights();
    const Json none;
    compareJson("", m_a.training ? m_a.training->source.value() : none,
        m_b.training ? m_b.training->source.value() : none, m_result.training);
    TRY_DO(compareWeights());
    TRY_DO(compareOptimizers());
    return std::move(m_result);
}

} // namespace

bool Comparison::isEqual(double tolerance) const
{
    const auto within = [&](const ValueChange& change) { return change.isWithin(tolerance); };
    return layers.empty() && training.empty() && optimizer.empty()
        && std::ranges::all_of(weights, within) && std::ranges::all_of(optimizerVariables, within);
}

Result<Comparison> compareNetworks(const Network& a, const Network& b, const JobContext& job)
{
    if (a.generation == b.generation || a.architecture.isEmpty() || b.architecture.isEmpty())
        return Comparing(a, b, job).run();
    const auto crossedA = crossing::cross(a, "keras");
    const auto crossedB = crossing::cross(b, "keras");
    if (!crossedA || !crossedB) {
        TRY(auto comparison, Comparing(a, b, job).run());
        comparison.remarks.push_back(
            "The files are of different Keras generations, which could not be brought together: "
            + (crossedA ? crossedB : crossedA).error().sentence());
        return comparison;
    }
    TRY(auto comparison, Comparing(crossedA->network, crossedB->network, job).run());
    comparison.remarks.emplace_back(
        "The files are of different Keras generations; they are compared as Keras 3 has them.");
    return comparison;
}

} // namespace layerscope::analysis
