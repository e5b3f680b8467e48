#pragma once

#include "model/ops/arena.h"
#include "model/ops/program.h"
#include "model/ops/rules.h"

namespace layerscope::ops {

/// Where a value's numbers are during a run.
struct Place
{
    enum class Kind { Arena, Input, Variable, Constant };
    Kind kind = Kind::Arena;
    std::size_t index = 0; ///< offset in the arena, or number of the source
};

/// One kernel call. Its pointers are at [firstPointer…) of the plan's table: inputs, then outputs,
/// then scratch.
struct Step
{
    Kernel kernel;
    std::size_t firstPointer = 0;
    std::size_t inputCount = 0;
    std::size_t outputCount = 0;
    std::size_t node = 0; ///< of the planned graph
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
    Result<void> convertConstants();
    void findPlaces(const CompileOptions& options);
    Result<void> makeSteps(const CompileOptions& options);
    void placePointers();
    void planEnd(const CompileOptions& options);
    const void* address(const Place& place) const;

    Graph m_graph;
    std::vector<Place> m_places; ///< by value id
    std::vector<Tensor> m_constants; ///< in the type they are carried in
    std::vector<Step> m_steps;
    std::vector<std::size_t> m_scratch; ///< bytes by step
    std::vector<Place> m_scratchPlaces;
    std::vector<void*> m_pointers;
    std::vector<Patch> m_inputPatches;
    std::vector<Patch> m_variablePatches;
    std::vector<std::vector<Rounding>> m_roundings; ///< by step; empty if there are none at all
    std::vector<FinalCopy> m_stagings; ///< before the variables change: source, arena offset
    std::vector<FinalCopy> m_outputCopies;
    std::vector<FinalCopy> m_assignments;
    std::vector<FinalCopy> m_probeCopies;
    std::vector<std::span<const std::byte>> m_probes;
    std::vector<const void*> m_inputPointers;
    std::vector<void*> m_variablePointers;
    std::size_t m_arenaBytes = 0;
    ArenaMemory m_arena;
};

/// Drops the nodes that no output, assignment or probe depends on.
void removeDeadNodes(Graph& graph, std::span<const Value> probes);

} // namespace layerscope::ops
