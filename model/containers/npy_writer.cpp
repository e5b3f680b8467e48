// Writing .npy, version 1.0 (3.0 and 2.0 are for headers that ours never are).
#include "model/containers/npy.h"
#include "model/containers/npz.h"
#include "model/containers/unicode.h"

namespace layerscope::containers {

namespace {

std::string description(DType type)
{
    switch (type) {
    case DType::Bool:
        return "|b1";
    case DType::Int8:
        return "|i1";
    case DType::UInt8:
        return "|u1";
    case DType::Complex64:
    case DType::Complex128:
        return "<c" + std::to_string(byteSize(type));
    default:
        break;
    }
    const bool isUnsigned = name(type).starts_with('u');
    const char kind = isFloating(type) ? 'f' : isUnsigned ? 'u' : 'i';
    return std::string("<") + kind + std::to_string(byteSize(type));
}

std::string header(const std::string& description, const Shape& shape)
{
    std::string text = "{'descr': '" + description + "', 'fortran_order': False, 'shape': (";
    for (const auto length : shape)
        text += std::to_string(length) + (shape.size() == 1 ? "," : ", ");
    if (shape.size() > 1)
        text.erase(text.size() - 2);
    text += "), }";
    constexpr std::size_t prefix = 10;
    text.append(63 - (prefix + text.size()) % 64, ' ');
    text.push_back('\n');
    std::string result = "\x93NUMPY\x01";
    result.push_back('\0');
    result.push_back(static_cast<char>(text.size() & 0xFF));
    result.push_back(static_cast<char>(text.size() >> 8));
    return result + text;
}

/// Fixed-width characters, as NumPy stores strings: 'U' where all are valid UTF-8, else 'S'.
Result<NpyParts> stringParts(const Tensor& tensor)
{
    std::vector<std::u32string> characters;
    std::size_t longest = 1;
    std::size_t longestBytes = 1;
    for (const auto& text : tensor.strings()) {
        longestBytes = std::max(longestBytes, text.size());
        if (auto decoded = utf32FromUtf8(text)) {
            longest = std::max(longest, decoded->size());
            characters.push_back(std::move(*decoded));
        }
    }
    const bool isText = characters.size() == tensor.strings().size();
    const std::size_t itemBytes = isText ? 4 * longest : longestBytes;
    const auto count = static_cast<std::int64_t>(tensor.strings().size());
    TRY(auto data, Tensor::zeros(DType::UInt8, { count, static_cast<std::int64_t>(itemBytes) }));
    const auto bytes = data.mutableBytes();
    for (std::size_t i = 0; i < tensor.strings().size(); ++i) {
        const void* from = tensor.strings()[i].data();
        std::size_t length = tensor.strings()[i].size();
        if (isText) {
            from = characters[i].data();
            length = 4 * characters[i].size();
        }
        if (length > 0)
            std::memcpy(bytes.data() + i * itemBytes, from, length);
    }
    const std::string type
        = isText ? "<U" + std::to_string(longest) : "|S" + std::to_string(longestBytes);
    return NpyParts{ header(type, tensor.shape()), std::move(data) };
}

} // namespace

Result<NpyParts> npyParts(const Tensor& tensor)
{
    if (tensor.dtype() == DType::String)
        return stringParts(tensor);
    if (tensor.dtype() == DType::BFloat16) { // NumPy itself does not know it
        TRY(auto widened, tensor.converted(DType::Float32));
        return npyParts(widened);
    }
    return NpyParts{ header(description(tensor.dtype()), tensor.shape()), tensor };
}

std::string formatNpy(const Tensor& tensor)
{
    const auto parts = npyParts(tensor);
    if (!parts)
        return {};
    const auto bytes = parts->data.bytes();
    return parts->header + std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

} // namespace layerscope::containers
