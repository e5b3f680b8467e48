#include "model/core/stored_tensor.h"

namespace layerscope {

namespace {

class InMemory final : public StoredTensor::Source
{
public:
    explicit InMemory(Tensor tensor)
        : m_tensor(std::move(tensor))
    {
    }
    Result<Tensor> load() const override { return m_tensor; }
    std::optional<std::span<const std::byte>> bytes() const override
    {
        if (m_tensor.dtype() == DType::String)
            return std::nullopt;
        return m_tensor.bytes();
    }

private:
    Tensor m_tensor;
};

} // namespace

StoredTensor::StoredTensor()
    : StoredTensor(Tensor())
{
}

StoredTensor::StoredTensor(Tensor tensor)
    : m_dtype(tensor.dtype())
    , m_shape(tensor.shape())
    , m_source(std::make_shared<InMemory>(std::move(tensor)))
{
}

StoredTensor::StoredTensor(DType type, Shape shape, std::shared_ptr<const Source> source)
    : m_dtype(type)
    , m_shape(std::move(shape))
    , m_source(std::move(source))
{
}

std::int64_t StoredTensor::count() const
{
    return elementCount(m_shape).value_or(0);
}

std::int64_t StoredTensor::byteCount() const
{
    return count() * static_cast<std::int64_t>(byteSize(m_dtype));
}

Result<Tensor> StoredTensor::load() const
{
    return m_source->load();
}

std::optional<FileExtent> StoredTensor::extent() const
{
    return m_source->extent();
}

} // namespace layerscope
