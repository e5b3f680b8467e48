#include "model/formats/unreadable_array.h"

namespace layerscope::formats {

namespace {

class Unreadable final : public StoredTensor::Source
{
public:
    explicit Unreadable(Error error)
        : m_error(std::move(error))
    {
    }
    Result<Tensor> load() const override { return m_error; }

private:
    Error m_error;
};

} // namespace

StoredTensor unreadableArray(DType type, Shape shape, Error error)
{
    return { type, std::move(shape), std::make_shared<Unreadable>(std::move(error)) };
}

} // namespace layerscope::formats
