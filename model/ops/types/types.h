#pragma once

#include "model/ops/op_type.h"

namespace layerscope::ops {

// Every op has a file of its name here; allOps() lists them.
extern const OpType chain_op;
extern const OpType product_chain_op;
extern const OpType unary_op;
extern const OpType binary_op;
extern const OpType select_op;
extern const OpType cast_op;
extern const OpType clip_op;
extern const OpType stop_gradient_op;
extern const OpType matmul_op;
extern const OpType convolution_op;
extern const OpType convolution_to_input_op;
extern const OpType convolution_to_kernel_op;
extern const OpType max_pool_op;
extern const OpType max_pool_gradient_op;
extern const OpType average_pool_op;
extern const OpType average_pool_gradient_op;
extern const OpType reduce_op;
extern const OpType arg_reduce_op;
extern const OpType cumulative_sum_op;
extern const OpType top_k_op;
extern const OpType softmax_op;
extern const OpType log_softmax_op;
extern const OpType log_sum_exp_op;
extern const OpType reshape_op;
extern const OpType transpose_op;
extern const OpType broadcast_to_op;
extern const OpType slice_op;
extern const OpType slice_gradient_op;
extern const OpType pad_op;
extern const OpType concat_op;
extern const OpType gather_op;
extern const OpType scatter_add_op;
extern const OpType one_hot_op;
extern const OpType reverse_op;
extern const OpType random_uniform_op;
extern const OpType random_normal_op;

/// Inputs that the chain of a product chain may have.
inline constexpr std::size_t mostProductChainInputs = 32;

/// What an op's enumeration attribute "function" or "kind" holds.
template<class E> E enumeration(const Attributes& attributes, std::string_view name)
{
    return static_cast<E>(attributes.integer(name));
}

/// Whether a node rounds and shares memory as chains do.
inline bool isChain(const Node& node)
{
    return node.type == &chain_op || node.type == &product_chain_op;
}

} // namespace layerscope::ops
