#include "model/ops/kernels/chain_plan.h"
#include "model/ops/kernels/product.h"
#include "model/ops/kernels/thread_pool.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <algorithm>
#include <array>

namespace layerscope::ops {

namespace {

/// Only Program's fusion makes these, with their outputs already known.
Infos inferProductChain(std::span<const ValueInfo>, std::span<const bool>, const Attributes&)
{
    return Error(ErrorKind::InvalidArgument, "product chain: not to be built by hand");
}

/// Floats of the product that are computed and then used up in one go.
constexpr std::int64_t blockFloats = 12288;

/// What is prepared: the kernel copies it.
struct ProductChain
{
    RowProduct product;
    ChainPlan chain;
    std::size_t productInput; ///< of the chain
    std::size_t chainInputs;
    std::size_t outputs;
    std::int64_t rows;
    std::int64_t columns;
    std::int64_t blockRows;

    std::int64_t scratchFloats() const
    {
        return blockRows * (columns + product.inner()) + chain.scratchFloats();
    }

    void run(std::span<const void* const> inputs, std::span<void* const> outputs_,
        const float* packed, float* scratch, std::int64_t begin, std::int64_t end) const
    {
        float* block = scratch;
        std::array<const void*, mostProductChainInputs> places; // NOLINT: filled below
        for (std::size_t i = 0; i < chainInputs; ++i) {
            if (i != productInput)
                places[i] = inputs[2 + i - (i > productInput ? 1 : 0)];
        }
        for (std::int64_t row = begin; row < end; row += blockRows) {
            const std::int64_t last = std::min(end, row + blockRows);
            product.run(static_cast<const float*>(inputs[0]), packed, row, last, block,
                block + blockRows * columns);
            // The chain counts elements from the first row of all.
            places[productInput]
                = reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(block)
                    - static_cast<std::uintptr_t>(row * columns) * sizeof(float));
            chain.run({ places.data(), chainInputs }, outputs_.first(outputs),
                scratch + blockRows * (columns + product.inner()), row * columns, last * columns);
        }
    }
};

Result<Kernel> prepareProductChain(const KernelRequest& request)
{
    const Chain chain = contracted(Chain::decoded(request.attributes));
    const auto productInput = static_cast<std::size_t>(request.attributes.integer("productInput"));
    const bool transposedA = request.attributes.integer("transposeA") != 0;
    const bool transposedB = request.attributes.integer("transposeB") != 0;
    const Shape& a = request.inputs[0].shape;
    const Shape& b = request.inputs[1].shape;
    const std::int64_t k = transposedA ? a[0] : a[1];
    const std::int64_t m = transposedA ? a[1] : a[0];
    const std::int64_t n = transposedB ? b[0] : b[1];
    std::vector<std::int64_t> shared;
    for (const std::int64_t input : request.sharedInputs) {
        const std::int64_t own = input - 2;
        shared.push_back(own < 0                                 ? -1
                : own >= static_cast<std::int64_t>(productInput) ? own + 1
                                                                 : own);
    }
    const std::int64_t tile = simd().tileRows;
    const std::int64_t blockRows = std::max<std::int64_t>(blockFloats / n / tile, 1) * tile;
    const ProductChain fused{ RowProduct(k, n, transposedA ? Layout{ 1, m } : Layout{ k, 1 },
                                  transposedB ? Layout{ 1, k } : Layout{ n, 1 }),
        ChainPlan(chain, shared), productInput, request.inputs.size() - 1, request.outputs.size(),
        m, n, blockRows };
    const std::int64_t blocks = (m + blockRows - 1) / blockRows;
    constexpr double flopsPerNanosecond = 60;
    const double work
        = 2.0 * static_cast<double>(m * n) * static_cast<double>(k) / flopsPerNanosecond
        + fused.chain.nanoseconds();
    const int threads = work > worthForking ? request.threads : 1;
    const std::int64_t slices = threads > 1 ? std::min<std::int64_t>(blocks, 4 * threads) : 1;
    const std::int64_t packed = (fused.product.packedFloats() + 15) / 16 * 16;
    const std::int64_t scratch = (fused.scratchFloats() + 15) / 16 * 16;
    *request.scratchBytes = static_cast<std::size_t>(packed + scratch * slices) * sizeof(float);
    return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        auto* memory = output<float>(outputs, fused.outputs);
        fused.product.pack(input<float>(inputs, 1), memory);
        forEachSlice(threads, slices, [&](std::int64_t slice) {
            const std::int64_t begin = sliceBegin(blocks, slices, slice) * blockRows;
            const std::int64_t end = sliceBegin(blocks, slices, slice + 1) * blockRows;
            fused.run(inputs, outputs, memory, memory + packed + slice * scratch, begin,
                std::min(end, m));
        });
    });
}

} // namespace

const OpType product_chain_op{ .name = "product chain",
    .infer = inferProductChain,
    .prepare = prepareProductChain,
    .words = "multiplies matrices and uses the rows up in several element-wise steps" };

} // namespace layerscope::ops
