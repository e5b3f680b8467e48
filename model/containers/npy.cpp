// NumPy's .npy files, after NEP 1 and numpy/lib/format.py (versions 1.0, 2.0, 3.0):
//
//   93 'N' 'U' 'M' 'P' 'Y' | major minor | header length: u16 (version 1) or u32 | header | data
//
// The header is a Python dict literal such as
//   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
// padded with spaces and a newline so that the data start at a multiple of 64.
#include "model/containers/npy.h"

#include "model/containers/byte_order.h"
#include "model/containers/npz.h"
#include "model/containers/system_failure.h"
#include "model/containers/unicode.h"

#include <cerrno>
#include <charconv>
#include <fstream>

namespace layerscope::containers {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t longestNpyHeader = std::size_t{ 1 } << 20;
constexpr std::size_t longestString = std::size_t{ 1 } << 28; // characters
constexpr std::size_t mostNpyAxes = 64; // as NumPy 2

Error corruptArray(std::string what)
{
    return { ErrorKind::Corrupt, "the NumPy array is damaged: " + std::move(what) };
}

/// What the header says, before the bytes are looked at.
struct Header
{
    char order = '|'; ///< '<', '>' or '|'
    char kind = 0; ///< NumPy's: f i u b c S U V
    std::size_t itemBytes = 0;
    bool fortranOrder = false;
    Shape shape;
    std::size_t dataOffset = 0;
};

/// Reads the few forms of Python literal that a header has. Each function skips leading spaces and
/// returns nothing when what follows is something else.
class LiteralReader
{
public:
    explicit LiteralReader(std::string_view text)
        : m_rest(text)
    {
    }

    bool take(char c)
    {
        skipSpaces();
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool takeWord(std::string_view word)
    {
        skipSpaces();
        if (!m_rest.starts_with(word))
            return false;
        m_rest.remove_prefix(word.size());
        return true;
    }

    std::optional<std::string> takeString()
    {
        skipSpaces();
        if (m_rest.empty() || (m_rest.front() != '\'' && m_rest.front() != '"'))
            return std::nullopt;
        const auto end = m_rest.find(m_rest.front(), 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        std::string text(m_rest.substr(1, end - 1));
        m_rest.remove_prefix(end + 1);
        return text;
    }

    std::optional<std::int64_t> takeLength()
    {
        skipSpaces();
        std::int64_t value = 0;
        const auto [end, error]
            = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
        if (error != std::errc() || value < 0)
            return std::nullopt;
        m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
        if (m_rest.starts_with('L')) // Python 2 wrote long integers so
            m_rest.remove_prefix(1);
        return value;
    }

private:
    void skipSpaces()
    {
        const auto start = m_rest.find_first_not_of(" \t\r\n");
        m_rest.remove_prefix(start == std::string_view::npos ? m_rest.size() : start);
    }

    std::string_view m_rest;
};

Result<Shape> readShape(LiteralReader& reader)
{
    if (!reader.take('('))
        return corruptArray("its shape is not a tuple");
    Shape shape;
    while (!reader.take(')')) {
        const auto length = reader.takeLength();
        if (!length || shape.size() == mostNpyAxes)
            return corruptArray("its shape is not a tuple of lengths");
        shape.push_back(*length);
        if (!reader.take(',')) {
            if (!reader.take(')'))
                return corruptArray("its shape is not a tuple of lengths");
            break;
        }
    }
    return shape;
}

Result<void> readDescription(std::string_view description, Header& header)
{
    if (!description.empty()
        && std::string_view("<>|=").find(description.front()) != std::string_view::npos) {
        header.order = description.front();
        description.remove_prefix(1);
    }
    if (description.empty())
        return corruptArray("its element type is empty");
    header.kind = description.front();
    description.remove_prefix(1);
    if (header.kind == 'O')
        return Error(ErrorKind::Unsupported,
            "the array holds Python objects (a pickle), which could run code; save it as numbers "
            "or "
            "strings");
    const auto [end, error] = std::from_chars(
        description.data(), description.data() + description.size(), header.itemBytes);
    if (error != std::errc() || end != description.data() + description.size())
        return Error(ErrorKind::Unsupported,
            "arrays of element type '" + std::string(1, header.kind) + std::string(description)
                + "' cannot be read");
    if (header.kind == 'U') { // counted in characters of four bytes
        if (header.itemBytes > longestString)
            return corruptArray("its strings are longer than any text");
        header.itemBytes *= 4;
    }
    return {};
}

Result<void> readEntries(std::string_view text, Header& header)
{
    LiteralReader reader(text);
    bool hasType = false;
    bool hasShape = false;
    if (!reader.take('{'))
        return corruptArray("its header is not a dictionary");
    while (!reader.take('}')) {
        const auto key = reader.takeString();
        if (!key || !reader.take(':'))
            return corruptArray("its header is not a dictionary");
        if (*key == "descr") {
            const auto description = reader.takeString();
            if (!description)
                return Error(ErrorKind::Unsupported,
                    "structured arrays cannot be read; save each field as an array of its own");
            TRY_DO(readDescription(*description, header));
            hasType = true;
        } else if (*key == "fortran_order") {
            header.fortranOrder = reader.takeWord("True");
            if (!header.fortranOrder && !reader.takeWord("False"))
                return corruptArray("fortran_order is neither True nor False");
        } else if (*key == "shape") {
            TRY(header.shape, readShape(reader));
            hasShape = true;
        } else {
            return corruptArray("its header has an unknown key '" + *key + "'");
        }
        if (reader.take(','))
            continue;
        if (!reader.take('}'))
            return corruptArray("its header is not a dictionary");
        break;
    }
    if (!hasType || !hasShape)
        return corruptArray("its header lacks the element type or the shape");
    return {};
}

Result<Header> readHeader(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!text.starts_with(magic) || text.size() < 10)
        return Error(ErrorKind::WrongFormat, "this is not a NumPy array (.npy)");
    const auto byteAt = [&](std::size_t i) {
        return static_cast<std::size_t>(std::to_integer<unsigned>(bytes[i]));
    };
    const std::size_t version = byteAt(6);
    if (version < 1 || version > 3)
        return Error(ErrorKind::Unsupported,
            "version " + std::to_string(version) + " of the NumPy format is not known");
    std::size_t length = byteAt(8) | byteAt(9) << 8;
    std::size_t start = 10;
    if (version >= 2) {
        if (text.size() < 12)
            return corruptArray("it ends within its header");
        length |= byteAt(10) << 16 | byteAt(11) << 24;
        start = 12;
    }
    if (length > longestNpyHeader || length > text.size() - start)
        return corruptArray("it ends within its header");
    Header header;
    TRY_DO(readEntries(text.substr(start, length), header));
    header.dataOffset = start + length;
    return header;
}

std::optional<DType> numberType(const Header& header)
{
    const auto of
        = [&](std::initializer_list<std::pair<std::size_t, DType>> types) -> std::optional<DType> {
        for (const auto& [bytes, type] : types)
            if (bytes == header.itemBytes)
                return type;
        return std::nullopt;
    };
    switch (header.kind) {
    case 'f':
        return of({ { 2, DType::Float16 }, { 4, DType::Float32 }, { 8, DType::Float64 } });
    case 'i':
        return of(
            { { 1, DType::Int8 }, { 2, DType::Int16 }, { 4, DType::Int32 }, { 8, DType::Int64 } });
    case 'u':
        return of({ { 1, DType::UInt8 }, { 2, DType::UInt16 }, { 4, DType::UInt32 },
            { 8, DType::UInt64 } });
    case 'b':
        return of({ { 1, DType::Bool } });
    case 'c':
        return of({ { 8, DType::Complex64 }, { 16, DType::Complex128 } });
    case 'V': // bfloat16 as ml_dtypes saves it
        return of({ { 2, DType::BFloat16 } });
    default:
        return std::nullopt;
    }
}

/// Column-major items, one after the other, into row-major order.
std::vector<std::byte> rowMajor(
    std::span<const std::byte> data, const Shape& shape, std::size_t itemBytes)
{
    std::vector<std::byte> result(data.size());
    std::vector<std::int64_t> index(shape.size(), 0);
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t axis = 1; axis < shape.size(); ++axis)
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    std::int64_t from = 0;
    for (std::size_t to = 0; to < data.size(); to += itemBytes) {
        std::memcpy(result.data() + to, data.data() + static_cast<std::size_t>(from) * itemBytes,
            itemBytes);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            from += strides[axis];
            if (++index[axis] < shape[axis])
                break;
            from -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    return result;
}

Tensor strings(const Header& header, std::span<const std::byte> data)
{
    std::vector<std::string> values;
    for (std::size_t i = 0; i < data.size(); i += header.itemBytes) {
        const auto item = data.subspan(i, header.itemBytes);
        if (header.kind == 'U') {
            values.push_back(utf8FromUtf32(item, header.order == '>'));
        } else {
            std::string text(reinterpret_cast<const char*>(item.data()), item.size());
            text.erase(text.find_last_not_of('\0') + 1);
            values.push_back(std::move(text));
        }
    }
    return Tensor::ofStrings(header.shape, std::move(values));
}

Result<std::size_t> dataLength(const Header& header, std::size_t available)
{
    const auto count = elementCount(header.shape);
    // A string of no characters takes no bytes in the file, but 32 in memory.
    if (!count || (header.itemBytes == 0 && *count > std::int64_t{ 1 } << 20))
        return corruptArray("no memory holds its shape " + toString(header.shape));
    const auto items = static_cast<std::size_t>(*count);
    if (header.itemBytes != 0 && items > available / header.itemBytes)
        return corruptArray(
            "its shape " + toString(header.shape) + " asks for more data than the file has");
    return items * header.itemBytes;
}

} // namespace

std::size_t npyHeaderLength(std::span<const std::byte> bytes)
{
    if (bytes.size() < 12)
        return bytes.size();
    const auto byteAt = [&](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
    const std::size_t length = byteAt(8) | byteAt(9) << 8U;
    return byteAt(6) < 2 ? 10 + length : 12 + (length | byteAt(10) << 16U | byteAt(11) << 24U);
}

Result<NpyFacts> npyFacts(std::span<const std::byte> bytes, std::size_t wholeLength)
{
    TRY(const Header header, readHeader(bytes));
    if (header.dataOffset > wholeLength)
        return corruptArray("it ends within its header");
    NpyFacts facts;
    facts.shape = header.shape;
    facts.dataOffset = header.dataOffset;
    TRY(facts.dataBytes, dataLength(header, wholeLength - header.dataOffset));
    if (header.kind == 'S' || header.kind == 'U') {
        facts.type = DType::String;
        return facts;
    }
    const auto type = numberType(header);
    if (!type)
        return Error(ErrorKind::Unsupported,
            "arrays of element type '" + std::string(1, header.kind)
                + std::to_string(header.itemBytes) + "' cannot be read");
    facts.type = *type;
    facts.isPlain = (header.order != '>' || header.itemBytes == 1)
        && !(header.fortranOrder && header.shape.size() > 1);
    return facts;
}

Result<Tensor> parseNpy(std::shared_ptr<const std::vector<std::byte>> file)
{
    TRY(const Header header, readHeader(*file));
    const auto rest = std::span<const std::byte>(*file).subspan(header.dataOffset);
    TRY(const std::size_t length, dataLength(header, rest.size()));
    auto data = rest.first(length);
    std::vector<std::byte> ordered;
    if (header.fortranOrder && header.shape.size() > 1 && header.itemBytes > 0) {
        ordered = rowMajor(data, header.shape, header.itemBytes);
        data = ordered;
    }
    if (header.kind == 'S' || header.kind == 'U') {
        if (header.itemBytes == 0)
            return Tensor::ofStrings(header.shape,
                std::vector<std::string>(static_cast<std::size_t>(*elementCount(header.shape))));
        return strings(header, data);
    }
    const auto type = numberType(header);
    if (!type)
        return Error(ErrorKind::Unsupported,
            "arrays of element type '" + std::string(1, header.kind)
                + std::to_string(header.itemBytes) + "' cannot be read");
    const bool isComplex = *type == DType::Complex64 || *type == DType::Complex128;
    const std::size_t unit = isComplex ? header.itemBytes / 2 : header.itemBytes;
    if (header.order == '>' && unit > 1) {
        TRY(auto tensor, Tensor::fromBytes(*type, header.shape, data));
        swapBytes(tensor.mutableBytes(), unit);
        return tensor;
    }
    const bool isAligned = reinterpret_cast<std::uintptr_t>(data.data()) % unit == 0;
    if (ordered.empty() && isAligned)
        return Tensor::borrowed(*type, header.shape, data, file);
    return Tensor::fromBytes(*type, header.shape, data);
}

Result<Tensor> parseNpy(std::span<const std::byte> bytes)
{
    return parseNpy(std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
}

Result<Tensor> readNpy(const std::filesystem::path& path)
{
    std::error_code problem;
    const auto size = std::filesystem::file_size(path, problem);
    std::ifstream file(path, std::ios::binary);
    if (problem || !file)
        return readError(problem ? problem.value() : EACCES).in(path.string());
    auto bytes = std::make_shared<std::vector<std::byte>>();
    try {
        bytes->resize(size);
    } catch (const std::bad_alloc&) {
        return Error(ErrorKind::OutOfMemory, "the file does not fit into memory").in(path.string());
    }
    file.read(reinterpret_cast<char*>(bytes->data()), static_cast<std::streamsize>(size));
    if (file.gcount() != static_cast<std::streamsize>(size))
        return Error(ErrorKind::NotReadable, "the file cannot be read to its end")
            .in(path.string());
    auto tensor = parseNpy(std::move(bytes));
    if (!tensor)
        return std::move(tensor).error().in(path.string());
    return tensor;
}

} // namespace layerscope::containers
