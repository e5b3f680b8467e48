#pragma once

#include "model/core/job_context.h"
#include "model/ops/graph.h"

#include <memory>
#include <span>

namespace layerscope::ops {

struct CompileOptions
{
    int threads = 1; ///< slices of work; the same number gives the same bits
    std::vector<Value> probes; ///< values to keep and hand out after a run: unfused, copied out
    bool optimize = true; ///< off: every node as it was built, for tests
};

/// A planned graph: constants folded, common parts shared, dead parts gone, element-wise chains
/// fused, one arena. Runs without allocating.
///
/// Memory of sources: float16 and bfloat16 are float32 (see ValueInfo); Bool is one byte; otherwise
/// the dtype's bytes. Thread  one run() at a time for each Program
class Program
{
public:
    static Result<Program> compile(const Graph& graph, const CompileOptions& options = {});
    Program(Program&&) noexcept;
    Program& operator=(Program&&) noexcept;
    ~Program();

    /// Runs once. Pointers in order of creation of the graph's Input sources, of its Variable
    /// sources, and of Graph::outputs. Variables with an Assignment are overwritten, after every
    /// node that reads their old value. Errors: Stopped (variables are then unchanged).
    Result<void> run(std::span<const void* const> inputs, std::span<void* const> variables,
        std::span<void* const> outputs, const JobContext& job = {});

    /// The value of a probe after run(); valid until the next.
    std::span<const std::byte> probe(std::size_t index) const;

    std::size_t arenaBytes() const;
    std::size_t stepCount() const; ///< kernels called in a run
    std::string describe() const; ///< a line a step, for people and tests

private:
    class Plan;
    explicit Program(std::unique_ptr<Plan> plan);
    std::unique_ptr<Plan> m_plan;
};

/// Convenience for tests and one-off computations: compiles and runs a graph without variables.
Result<std::vector<Tensor>> evaluate(const Graph& graph, std::span<const Tensor> inputs);

} // namespace layerscope::ops
