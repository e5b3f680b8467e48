#pragma once

#include "model/ops/arena.h"
#include "model/ops/passes.h"
#include "model/ops/program.h"

namespace layerscope::ops {

/// Where a value's numbers are during a run.
struct Place
{
    enum class Kind { Arena, Input, Variable, Constant };
    Kind kind = Kind::Arena;
    std::size_t index = 0; ///< offset in the arena, or number of the source
};

/// Which values lie in the same memory, and until when it is needed.
class Storage
{
public:
    /// `kept` are values needed to the end beside outputs and assignments. Decides for each node of
    /// `graph` (in its order) what is a view, which output takes the memory of a dying input, and
    /// which assignment may be made on the way.
    Storage(const Graph& graph, std::span<const Value> kept, bool optimize);

    bool isView(std::size_t node) const { return m_isView[node] != 0; }
    /// The value whose memory `value` lies in.
    Value root(Value value) const;
    std::size_t lastUse(Value root) const { return m_lastUse[idOf(root)]; }
    std::span<const std::int64_t> sharedInputs(std::size_t node) const { return m_shared[node]; }
    /// Whether assignment `i` needs no copy at the end, since its value is computed in place.
    bool isInPlace(std::size_t assignment) const { return m_inPlace[assignment] != 0; }
    /// The first node that overwrites a variable; the number of nodes if none does.
    std::size_t firstOverwrite() const { return m_firstOverwrite; }

private:
    void findViews();
    void findLastUses();
    void assignInPlace();
    bool mayOverwrite(const Assignment& assignment, std::size_t maker) const;
    void shareMemory(std::size_t node);
    std::int64_t soleWholeInput(const Node& node, Value root) const;

    const Graph& m_graph;
    std::vector<char> m_isView; ///< by node
    std::vector<std::int32_t> m_parent; ///< by value: itself or what it lies in
    std::vector<std::size_t> m_lastUse; ///< by root: a node, or one past the last
    std::vector<char> m_kept; ///< by root
    std::vector<char> m_isSource; ///< by value
    std::vector<std::vector<std::int64_t>> m_shared; ///< by node
    std::vector<char> m_inPlace; ///< by assignment
    std::size_t m_firstOverwrite = 0;
};

/// Moves nodes that compute the new value of a variable to right behind what they need: there the
/// gradient is still in the cache.
void hoistUpdates(Graph& graph);

/// One kernel call. Its pointers are at [firstPointer…) of the plan's table: inputs, then outputs,
/// then scratch.
struct Step
{
    Kernel kernel;
    std::size_t firstPointer = 0;
    std::size_t inputCount = 0;
    std::size_t outputCount = 0; ///< scratch included
    std::size_t node = 0; ///< of the planned graph
    std::size_t scratchBytes = 0;
    Place scratch;
};

/// A pointer of the table that depends on what run() is given.
struct Patch
{
    std::size_t pointer;
    std::size_t source;
};

/// After a step: a value of a 16-bit type is rounded to it.
struct Rounding
{
    DType type;
    std::size_t step;
    std::size_t pointer;
    std::int64_t count;
};

/// Bytes to copy when all steps have run.
struct FinalCopy
{
    Place from;
    std::size_t to;
    std::size_t bytes;
};

class Program::Plan
{
public:
    static Result<std::unique_ptr<Plan>> make(const Graph& graph, const CompileOptions& options);

    Result<void> run(std::span<const void* const> inputs, std::span<void* const> variables,
        std::span<void* const> outputs, const JobContext& job);
    std::span<const std::byte> probe(std::size_t index) const;
    std::size_t arenaBytes() const { return m_arenaBytes; }
    std::size_t stepCount() const { return m_steps.size(); }
    std::string describe() const;

private:
    Result<void> optimize(std::span<const Value> probes);
    Result<void> placeSources();
    Result<void> makeSteps(const Storage& storage, int threads);
    void placeValues(const Storage& storage, std::span<const Value> probes);
    void planEnd(const Storage& storage, std::span<const Value> probes, ArenaPlanner& arena);
    void planPointers();
    const void* address(const Place& place) const;
    void finish(std::span<void* const> variables, std::span<void* const> outputs) const;

    Graph m_graph;
    std::vector<Place> m_places; ///< by value id
    std::vector<Tensor> m_constants; ///< in the type they are carried in
    std::vector<Step> m_steps;
    std::size_t m_stoppable = 0; ///< steps up to the first that overwrites a variable
    std::vector<void*> m_pointers;
    std::vector<Patch> m_inputPatches;
    std::vector<Patch> m_variablePatches;
    std::vector<Rounding> m_roundings; ///< in the order of steps
    std::vector<FinalCopy> m_stagings; ///< before the variables change; to: offset in the arena
    std::vector<FinalCopy> m_outputCopies;
    std::vector<FinalCopy> m_assignments;
    std::vector<FinalCopy> m_probes; ///< from: where in the arena
    std::vector<const void*> m_inputPointers;
    std::vector<void*> m_variablePointers;
    std::size_t m_arenaBytes = 0;
    ArenaMemory m_arena;
};

} // namespace layerscope::ops
