#include "model/training/state_buffer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace layerscope::training {
namespace {

constexpr std::size_t smallAlignment = 64; // a cache line, and the widest vector
constexpr std::size_t hugePage = std::size_t{ 2 } << 20U;

} // namespace

DType carriedType(DType type)
{
    return type == DType::Float16 || type == DType::BFloat16 ? DType::Float32 : type;
}

void StateBuffer::Free::operator()(std::byte* memory) const
{
    std::free(memory); // NOLINT: the counterpart of aligned_alloc
}

Result<StateBuffer> StateBuffer::bytes(std::size_t count)
{
    StateBuffer result;
    result.m_size = count;
    const bool large = count >= 2 * hugePage;
    const std::size_t alignment = large ? hugePage : smallAlignment;
    const std::size_t whole
        = (std::max<std::size_t>(count, 1) + alignment - 1) / alignment * alignment;
    auto* memory = static_cast<std::byte*>(std::aligned_alloc(alignment, whole));
    if (!memory)
        return Error(ErrorKind::OutOfMemory,
            "There is not enough memory for " + std::to_string(count) + " bytes of weights.");
    // Large pages where the system has them, as for a Program's arena: an update goes through all
    // of the weights and slots in every step.
    if (large)
        madvise(memory, whole, MADV_HUGEPAGE);
    std::memset(memory, 0, whole);
    result.m_data.reset(memory);
    return result;
}

Result<StateBuffer> StateBuffer::holding(const Tensor& tensor)
{
    const DType carried = carriedType(tensor.dtype());
    TRY(const Tensor values, tensor.converted(carried));
    TRY(StateBuffer result, bytes(values.bytes().size()));
    if (!values.bytes().empty())
        std::memcpy(result.m_data.get(), values.bytes().data(), values.bytes().size());
    result.m_type = tensor.dtype();
    result.m_shape = tensor.shape();
    return result;
}

Result<StateBuffer> StateBuffer::filled(DType type, const Shape& shape, double value)
{
    TRY(Tensor tensor, Tensor::zeros(DType::Float64, shape));
    for (double& element : tensor.mutableValuesAs<double>())
        element = value;
    TRY(const Tensor stored, tensor.converted(type));
    return holding(stored);
}

Result<Tensor> StateBuffer::tensor() const
{
    TRY(const Tensor carried,
        Tensor::fromBytes(carriedType(m_type), m_shape, { m_data.get(), m_size }));
    return carried.converted(m_type);
}

} // namespace layerscope::training
