#pragma once

#include "model/core/result.h"
#include "model/core/tensor.h"

#include <cstddef>
#include <memory>

namespace layerscope::training {

/// The type in which Program keeps a value: float16 and bfloat16 are carried as float32.
DType carriedType(DType type);

/// Memory of one weight or slot while it trains: aligned, writable, in the carried type.
class StateBuffer
{
public:
    StateBuffer() = default;
    /// Errors  OutOfMemory
    static Result<StateBuffer> holding(const Tensor& tensor);
    static Result<StateBuffer> filled(DType type, const Shape& shape, double value);
    static Result<StateBuffer> bytes(std::size_t count);

    void* data() { return m_data.get(); }
    const void* data() const { return m_data.get(); }
    std::size_t size() const { return m_size; }
    DType type() const { return m_type; }
    const Shape& shape() const { return m_shape; }

    /// A copy as a tensor of the stored type.
    Result<Tensor> tensor() const;

private:
    struct Free
    {
        void operator()(std::byte* memory) const;
    };

    DType m_type = DType::Float32;
    Shape m_shape;
    std::size_t m_size = 0; ///< in bytes
    std::unique_ptr<std::byte, Free> m_data;
};

} // namespace layerscope::training
