// Hugging Face's safetensors, after its README ("Format") and its Rust library's validation.
#include "model/containers/safetensors.h"

#include "model/containers/atomic_file.h"
#include "model/containers/mapped_file.h"
#include "model/core/json.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>

namespace layerscope::containers {

namespace {

constexpr std::uint64_t lengthBytes = 8;
constexpr std::uint64_t longestSafetensorsHeader = 100'000'000; // the format's own limit
constexpr std::size_t mostSafetensorsAxes = 64;
constexpr std::size_t blockBytes = std::size_t{ 16 } << 20U;
constexpr std::size_t dataAlignment = 64;

Error corruptSafetensors(std::string what)
{
    return { ErrorKind::Corrupt, "the safetensors file is damaged: " + std::move(what) };
}

struct TypeName
{
    std::string_view name;
    DType type;
    bool isExact = true; ///< false: bytes of a type that we do not have
};

/// For writing, the first of a type counts.
constexpr std::array safetensorsTypes{
    TypeName{ "F64", DType::Float64 },
    TypeName{ "F32", DType::Float32 },
    TypeName{ "F16", DType::Float16 },
    TypeName{ "BF16", DType::BFloat16 },
    TypeName{ "I64", DType::Int64 },
    TypeName{ "I32", DType::Int32 },
    TypeName{ "I16", DType::Int16 },
    TypeName{ "I8", DType::Int8 },
    TypeName{ "U64", DType::UInt64 },
    TypeName{ "U32", DType::UInt32 },
    TypeName{ "U16", DType::UInt16 },
    TypeName{ "U8", DType::UInt8 },
    TypeName{ "BOOL", DType::Bool },
    TypeName{ "C64", DType::Complex64 },
    TypeName{ "F8_E5M2", DType::UInt8, false },
    TypeName{ "F8_E4M3", DType::UInt8, false },
    TypeName{ "F8_E8M0", DType::UInt8, false },
    TypeName{ "F8_E4M3FNUZ", DType::UInt8, false },
    TypeName{ "F8_E5M2FNUZ", DType::UInt8, false },
};

const TypeName* typeNamed(std::string_view name)
{
    const auto found = std::ranges::find(safetensorsTypes, name, &TypeName::name);
    return found != safetensorsTypes.end() ? &*found : nullptr;
}

/// An array as the header describes it.
struct Entry
{
    std::string name;
    std::string type;
    Shape shape;
    std::vector<std::uint64_t> offsets;
    bool hasShape = false;
};

/// Takes the header as it is parsed, so that its size bounds the memory, and nesting cannot go
/// deeper than the three levels that the format has.
class HeaderReader final : public nlohmann::json_sax<Json>
{
public:
    std::vector<Entry> entries;
    std::vector<std::pair<std::string, std::string>> metadata;
    std::string problem;

    bool null() override { return scalar(); }
    bool boolean(bool) override { return scalar(); }
    bool number_integer(number_integer_t) override { return number(std::nullopt); }
    bool number_unsigned(number_unsigned_t value) override { return number(value); }
    bool number_float(number_float_t, const string_t&) override { return number(std::nullopt); }
    bool binary(binary_t&) override { return false; }
    bool string(string_t& value) override
    {
        if (m_depth == 2 && m_inMetadata) {
            metadata.emplace_back(m_key, std::move(value));
            return true;
        }
        if (m_depth == 2 && m_list == List::None && m_key == "dtype") {
            entries.back().type = std::move(value);
            return true;
        }
        return scalar();
    }
    bool start_object(std::size_t) override
    {
        if (m_depth >= 2 || m_list != List::None)
            return fail("its header is nested deeper than the format allows");
        if (m_depth == 1) {
            m_inMetadata = m_key == "__metadata__";
            if (!m_inMetadata)
                entries.push_back({ m_key, {}, {}, {} });
            m_keys.clear();
        }
        ++m_depth;
        return true;
    }
    bool end_object() override
    {
        --m_depth;
        return true;
    }
    bool key(string_t& value) override
    {
        m_key = std::move(value);
        auto& known = m_depth == 1 ? m_names : m_keys;
        return known.insert(m_key).second || fail("'" + m_key + "' occurs twice in its header");
    }
    bool start_array(std::size_t) override
    {
        if (m_depth != 2 || m_inMetadata || m_list != List::None)
            return fail("its header has a list where none belongs");
        m_list = m_key == "shape"     ? List::Shape
            : m_key == "data_offsets" ? List::Offsets
                                      : List::Other;
        entries.back().hasShape = entries.back().hasShape || m_list == List::Shape;
        return true;
    }
    bool end_array() override
    {
        m_list = List::None;
        return true;
    }
    bool parse_error(
        std::size_t at, const std::string&, const nlohmann::detail::exception&) override
    {
        return fail("its header is no JSON (at byte " + std::to_string(lengthBytes + at) + ")");
    }

private:
    enum class List { None, Shape, Offsets, Other };

    bool fail(std::string what)
    {
        if (problem.empty())
            problem = std::move(what);
        return false;
    }
    bool scalar()
    {
        const bool isKnown = m_list == List::Shape || m_list == List::Offsets
            || (m_list == List::None && (m_key == "dtype" || m_key == "shape"));
        if (m_depth != 2 || m_inMetadata || isKnown)
            return fail("the header's entry '" + m_key + "' has the wrong type");
        return true; // a key that a later version added
    }
    bool number(std::optional<std::uint64_t> value)
    {
        if (m_list != List::Shape && m_list != List::Offsets)
            return scalar();
        Entry& entry = entries.back();
        if (!value || *value > std::uint64_t{ 1 } << 62U)
            return fail("'" + entry.name + "' has an impossible length or offset");
        if (m_list == List::Offsets)
            entry.offsets.push_back(*value);
        else
            entry.shape.push_back(static_cast<std::int64_t>(*value));
        const bool isTooLong = entry.offsets.size() > 2 || entry.shape.size() > mostSafetensorsAxes;
        return !isTooLong || fail("'" + entry.name + "' has too many lengths or offsets");
    }

    int m_depth = 0;
    bool m_inMetadata = false;
    List m_list = List::None;
    std::string m_key;
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_keys;
};

std::uint64_t readLength(std::span<const std::byte> bytes)
{
    std::uint64_t length = 0;
    for (std::size_t i = lengthBytes; i-- > 0;)
        length = length << 8U | std::to_integer<std::uint64_t>(bytes[i]);
    return length;
}

/// The array that `entry` describes, its data beginning at `dataStart` of the file.
Result<SafetensorsArray> arrayOf(
    const MappedFile& file, const Entry& entry, std::uint64_t dataStart)
{
    if (entry.type.empty() || !entry.hasShape || entry.offsets.size() != 2)
        return corruptSafetensors("the header's entry lacks dtype, shape or data_offsets");
    const TypeName* type = typeNamed(entry.type);
    if (type == nullptr)
        return Error(ErrorKind::Unsupported,
            "arrays of type '" + entry.type + "' cannot be read by this version");
    const std::uint64_t begin = entry.offsets[0];
    const std::uint64_t end = entry.offsets[1];
    const auto count = elementCount(entry.shape);
    if (end < begin || !count
        || static_cast<std::uint64_t>(*count) > (end - begin) / byteSize(type->type)
        || static_cast<std::uint64_t>(*count) * byteSize(type->type) != end - begin)
        return corruptSafetensors("its shape " + toString(entry.shape) + " of " + entry.type
            + " does not take the bytes from " + std::to_string(begin) + " to "
            + std::to_string(end));
    if (end > file.size() - dataStart)
        return Error(ErrorKind::Corrupt,
            "the file is cut short: the array should end at byte " + std::to_string(dataStart + end)
                + ", and there are only " + std::to_string(file.size())
                + " bytes; copy or download it again");
    TRY(auto value, file.storedTensorAt(type->type, entry.shape, dataStart + begin));
    return SafetensorsArray{ entry.name, std::move(value), entry.type };
}

/// The format allows neither holes nor data that two arrays share.
Result<void> checkLayout(const std::vector<Entry>& entries, std::uint64_t dataLength)
{
    std::vector<const Entry*> sorted;
    for (const Entry& entry : entries)
        sorted.push_back(&entry);
    std::ranges::sort(sorted, {}, &Entry::offsets);
    std::uint64_t next = 0;
    for (const Entry* entry : sorted) {
        if (entry->offsets[0] != next)
            return corruptSafetensors("the data of '" + entry->name + "' begin at byte "
                + std::to_string(entry->offsets[0]) + " of the data, where byte "
                + std::to_string(next) + " is due");
        next = entry->offsets[1];
    }
    if (next != dataLength)
        return corruptSafetensors(
            std::to_string(dataLength - next) + " bytes at its end belong to no array");
    return {};
}

Result<HeaderReader> readHeader(const MappedFile& file)
{
    const auto bytes = file.bytes();
    if (bytes.size() < lengthBytes + 2)
        return Error(ErrorKind::WrongFormat, "this is no safetensors file");
    const std::uint64_t length = readLength(bytes);
    if (length > longestSafetensorsHeader || bytes[lengthBytes] != std::byte{ '{' })
        return Error(ErrorKind::WrongFormat, "this is no safetensors file");
    if (length > bytes.size() - lengthBytes)
        return Error(ErrorKind::Corrupt,
            "the file is cut short: its header alone has " + std::to_string(length)
                + " bytes, and there are only " + std::to_string(bytes.size())
                + "; copy or download it again");
    HeaderReader reader;
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + lengthBytes;
    if (!Json::sax_parse(text, text + length, &reader))
        return corruptSafetensors(
            reader.problem.empty() ? "its header is no JSON" : reader.problem);
    return reader;
}

Result<SafetensorsContent> readContent(const std::filesystem::path& path)
{
    TRY(const auto file, MappedFile::open(path));
    TRY(HeaderReader header, readHeader(*file));
    const std::uint64_t dataStart = lengthBytes + readLength(file->bytes());
    SafetensorsContent content;
    content.metadata = std::move(header.metadata);
    for (const Entry& entry : header.entries) {
        auto array = arrayOf(*file, entry, dataStart);
        if (!array)
            return std::move(array).error().in(entry.name);
        content.arrays.push_back(*std::move(array));
    }
    TRY_DO(checkLayout(header.entries, file->size() - dataStart));
    return content;
}

/// Where the data of each array begin, wider types first; the last entry is the end of all.
struct Layout
{
    std::vector<std::size_t> order; ///< of the data
    std::vector<std::uint64_t> begins; ///< by the array's place in the header
};

Layout layoutOf(const SafetensorsContent& content)
{
    Layout layout;
    layout.begins.resize(content.arrays.size());
    for (std::size_t i = 0; i < content.arrays.size(); ++i)
        layout.order.push_back(i);
    std::ranges::stable_sort(layout.order, std::ranges::greater(),
        [&](std::size_t i) { return byteSize(content.arrays[i].value.dtype()); });
    std::uint64_t next = 0;
    for (const std::size_t i : layout.order) {
        layout.begins[i] = next;
        next += static_cast<std::uint64_t>(content.arrays[i].value.byteCount());
    }
    return layout;
}

Result<std::string> typeOf(const SafetensorsArray& array)
{
    const DType type = array.value.dtype();
    if (const TypeName* asked = typeNamed(array.type); asked != nullptr && asked->type == type)
        return array.type;
    for (const TypeName& candidate : safetensorsTypes)
        if (candidate.type == type)
            return std::string(candidate.name);
    return Error(ErrorKind::Unsupported,
        "safetensors holds no arrays of type " + std::string(name(type))
            + "; export to .npz instead");
}

Result<std::string> headerOf(const SafetensorsContent& content, const Layout& layout)
{
    std::unordered_set<std::string> names{ "__metadata__" };
    Json header = Json::object();
    if (!content.metadata.empty()) {
        Json& metadata = header["__metadata__"] = Json::object();
        for (const auto& [key, text] : content.metadata)
            metadata.push_back({ key, text });
    }
    // Not by operator[], which looks through all keys of an ordered object each time.
    auto& members = header.get_ref<Json::object_t&>();
    for (std::size_t i = 0; i < content.arrays.size(); ++i) {
        const SafetensorsArray& array = content.arrays[i];
        if (!names.insert(array.name).second)
            return Error(ErrorKind::InvalidArgument, "two arrays have this name").in(array.name);
        auto type = typeOf(array);
        if (!type)
            return std::move(type).error().in(array.name);
        const auto end = layout.begins[i] + static_cast<std::uint64_t>(array.value.byteCount());
        static_cast<std::vector<Json::object_t::value_type>&>(members).emplace_back(array.name,
            Json{ { "dtype", *type }, { "shape", array.value.shape() },
                { "data_offsets", { layout.begins[i], end } } });
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.append((dataAlignment - (lengthBytes + text.size()) % dataAlignment) % dataAlignment, ' ');
    if (text.size() > longestSafetensorsHeader)
        return Error(ErrorKind::Unsupported,
            "the names and shapes take more than the 100 MB that the format allows");
    return text;
}

} // namespace

bool looksLikeSafetensors(const std::filesystem::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file || (*file)->size() < lengthBytes + 2)
        return false;
    const auto bytes = (*file)->bytes();
    return bytes[lengthBytes] == std::byte{ '{' } && readLength(bytes) <= longestSafetensorsHeader
        && readLength(bytes) >= 2;
}

Result<SafetensorsContent> readSafetensors(const std::filesystem::path& path)
{
    auto content = readContent(path);
    if (!content)
        return std::move(content).error().in(path.filename().string());
    return content;
}

Result<void> writeSafetensors(
    const std::filesystem::path& path, const SafetensorsContent& content, const JobContext& job)
{
    const Layout layout = layoutOf(content);
    TRY(const std::string header, headerOf(content, layout));
    TRY(AtomicFile file, AtomicFile::create(path));
    std::array<std::byte, lengthBytes> length{};
    for (std::size_t i = 0; i < lengthBytes; ++i)
        length[i] = static_cast<std::byte>(header.size() >> 8U * i & 0xFFU);
    TRY_DO(file.write(length));
    TRY_DO(file.write(std::as_bytes(std::span(header))));
    std::int64_t total = 0;
    for (const SafetensorsArray& array : content.arrays)
        total += array.value.byteCount();
    std::int64_t done = 0;
    for (const std::size_t i : layout.order) {
        const auto tensor = content.arrays[i].value.load();
        if (!tensor) {
            Error error = tensor.error();
            return std::move(error).in(content.arrays[i].name);
        }
        const auto bytes = tensor->bytes();
        for (std::size_t at = 0; at < bytes.size(); at += blockBytes) {
            if (job.stopRequested())
                return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
            const auto block = bytes.subspan(at, std::min(blockBytes, bytes.size() - at));
            TRY_DO(file.write(block));
            done += static_cast<std::int64_t>(block.size());
            job.report(done, total, "writing");
        }
    }
    return file.commit();
}

} // namespace layerscope::containers
