#include "model/ops/kernels/chain.h"

#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

/// Only Program's fusion makes chains, with their outputs already known.
Infos inferChain(std::span<const ValueInfo>, std::span<const bool>, const Attributes&)
{
    return Error(ErrorKind::InvalidArgument, "chain: not to be built by hand");
}

Result<Kernel> prepareChain(const KernelRequest& request)
{
    return chainKernel(Chain::decoded(request.attributes), request);
}

} // namespace

const OpType chain_op{ .name = "chain",
    .infer = inferChain,
    .prepare = prepareChain,
    .words = "several element-wise steps at once" };

} // namespace layerscope::ops
