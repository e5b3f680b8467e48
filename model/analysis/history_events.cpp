// TensorBoard event files: TFRecord frames around protobuf messages.
//
//   frame    uint64 length | uint32 masked CRC-32C of those 8 bytes | data | uint32 masked CRC-32C
//   Event    wall_time=1 double, step=2 int64, summary=5 Summary
//   Summary  value=1 repeated Value
//   Value    tag=1, simple_value=2 float, tensor=8 TensorProto, metadata=9 SummaryMetadata
//   SummaryMetadata  plugin_data=1 { plugin_name=1 }
//   TensorProto      dtype=1, tensor_shape=2 { dim=2 { size=1 } }, tensor_content=4, float_val=5,
//                    double_val=6, int_val=7, int64_val=10, half_val=13
//
// The messages are read from the wire by hand: a few scalars among images and graphs that are
// skipped unparsed.

#include "model/analysis/history_readers.h"
#include "model/containers/byte_order.h"
#include "model/containers/crc32c.h"
#include "model/core/dtype.h"

#include <array>
#include <cstring>
#include <fstream>
#include <span>

namespace layerscope::analysis {
namespace {

constexpr std::size_t frameHeaderBytes = 12;
constexpr std::uint64_t largestScalarRecord = 16U << 20U; ///< larger ones are images, graphs, audio
constexpr int deepestFolder = 16;

std::uint32_t maskedCrc(std::string_view bytes)
{
    return containers::maskedCrc32c(containers::crc32c(std::as_bytes(std::span(bytes))));
}

template<class T> T littleEndian(std::string_view bytes)
{
    T value{};
    if (bytes.size() >= sizeof value)
        std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

/// Walks the fields of one protobuf message. Damage ends the walk.
class WireReader
{
public:
    explicit WireReader(std::string_view message)
        : m_rest(message)
    {
    }

    bool next()
    {
        std::uint64_t key = 0;
        if (m_rest.empty() || !readVarint(key))
            return false;
        m_field = key >> 3U;
        m_number = 0;
        m_bytes = {};
        switch (key & 7U) {
        case 0:
            return readVarint(m_number);
        case 1:
            return take(8);
        case 2: {
            std::uint64_t length = 0;
            return readVarint(length) && take(length);
        }
        case 5:
            return take(4);
        default:
            return false;
        }
    }

    std::uint64_t field() const { return m_field; }
    std::uint64_t number() const { return m_number; } ///< of a varint
    std::string_view bytes() const { return m_bytes; } ///< of any other

private:
    bool readVarint(std::uint64_t& value)
    {
        auto bytes = std::as_bytes(std::span(m_rest));
        const auto number = containers::takeVarint(bytes);
        m_rest.remove_prefix(m_rest.size() - bytes.size());
        value = number.value_or(0);
        return number.has_value();
    }

    bool take(std::uint64_t length)
    {
        if (length > m_rest.size())
            return false;
        m_bytes = m_rest.substr(0, static_cast<std::size_t>(length));
        m_rest.remove_prefix(static_cast<std::size_t>(length));
        return true;
    }

    std::string_view m_rest;
    std::uint64_t m_field = 0, m_number = 0;
    std::string_view m_bytes;
};

/// A packed or single varint.
std::uint64_t varintOf(const WireReader& reader)
{
    if (reader.bytes().empty())
        return reader.number();
    // As field 1 of a message of its own: key 0x08.
    const std::string message = '\x08' + std::string(reader.bytes().substr(0, 10));
    WireReader packed(message);
    return packed.next() ? packed.number() : 0;
}

/// TensorFlow's numbers of the types that a scalar can have.
std::optional<double> scalarOf(int type, std::string_view bytes)
{
    switch (type) {
    case 1:
        return littleEndian<float>(bytes);
    case 2:
        return littleEndian<double>(bytes);
    case 3:
        return littleEndian<std::int32_t>(bytes);
    case 9:
        return static_cast<double>(littleEndian<std::int64_t>(bytes));
    case 14:
        return floatFromBFloat16(littleEndian<std::uint16_t>(bytes));
    case 19:
        return floatFromHalf(littleEndian<std::uint16_t>(bytes));
    default:
        return std::nullopt;
    }
}

/// The number that a TensorProto of one element holds.
std::optional<double> scalarOfTensor(std::string_view message)
{
    int type = 0;
    std::string_view content;
    std::optional<double> listed;
    for (WireReader reader(message); reader.next();) {
        switch (reader.field()) {
        case 1:
            type = static_cast<int>(reader.number());
            break;
        case 2:
            for (WireReader shape(reader.bytes()); shape.next();) {
                for (WireReader size(shape.bytes()); shape.field() == 2 && size.next();) {
                    if (size.field() == 1 && size.number() != 1)
                        return std::nullopt;
                }
            }
            break;
        case 4:
            content = reader.bytes();
            break;
        case 5:
            listed = littleEndian<float>(reader.bytes());
            break;
        case 6:
            listed = littleEndian<double>(reader.bytes());
            break;
        case 7:
        case 10:
            listed = static_cast<double>(static_cast<std::int64_t>(varintOf(reader)));
            break;
        case 13: // patterns of float16 or bfloat16
            listed = static_cast<double>(varintOf(reader));
            break;
        default:
            break;
        }
    }
    if (!content.empty())
        return scalarOf(type, content);
    if (listed && (type == 14 || type == 19)) {
        if (!(*listed >= 0 && *listed <= 0xFFFF)) // no pattern of 16 bits
            return std::nullopt;
        const auto pattern = static_cast<std::uint16_t>(*listed);
        return type == 14 ? floatFromBFloat16(pattern) : floatFromHalf(pattern);
    }
    // A zero may be left out altogether.
    return listed ? listed : scalarOf(type, {});
}

std::string pluginOf(std::string_view metadata)
{
    for (WireReader reader(metadata); reader.next();) {
        for (WireReader plugin(reader.bytes()); reader.field() == 1 && plugin.next();) {
            if (plugin.field() == 1)
                return std::string(plugin.bytes());
        }
    }
    return {};
}

class EventReader
{
public:
    void addEvent(std::string_view event)
    {
        std::int64_t step = 0;
        std::vector<std::string_view> summaries;
        for (WireReader reader(event); reader.next();) {
            if (reader.field() == 2)
                step = static_cast<std::int64_t>(reader.number());
            else if (reader.field() == 5)
                summaries.push_back(reader.bytes());
        }
        for (const std::string_view summary : summaries) {
            for (WireReader reader(summary); reader.next();) {
                if (reader.field() == 1)
                    addValue(reader.bytes(), static_cast<double>(step));
            }
        }
    }

    History take() { return std::move(m_history); }

private:
    void addValue(std::string_view value, double step)
    {
        std::string tag;
        std::optional<double> number;
        std::optional<std::string_view> tensor;
        std::string plugin;
        for (WireReader reader(value); reader.next();) {
            switch (reader.field()) {
            case 1:
                tag = reader.bytes();
                break;
            case 2:
                number = littleEndian<float>(reader.bytes());
                break;
            case 8:
                tensor = reader.bytes();
                break;
            case 9:
                plugin = pluginOf(reader.bytes());
                break;
            default:
                break;
            }
        }
        // What a tag is, is said with its first value and often left out later.
        std::string& known = m_plugins[tag];
        if (!plugin.empty())
            known = plugin;
        if (tensor && (known == "scalars" || known.empty()))
            number = scalarOfTensor(*tensor);
        if (number && (known == "scalars" || known.empty()))
            addPoint(m_history, tag, step, *number);
    }

    History m_history;
    std::map<std::string, std::string> m_plugins;
};

enum class Frame {
    Record,
    Skipped, ///< too large for a scalar, or its checksum is wrong
    End, ///< of what is whole: a last record may be cut off
    Damaged, ///< the length itself cannot be trusted
};

Frame readFrame(std::ifstream& file, std::uint64_t fileBytes, std::string& record)
{
    std::array<char, frameHeaderBytes> header{};
    file.read(header.data(), header.size());
    if (file.gcount() < static_cast<std::streamsize>(header.size()))
        return Frame::End;
    if (!isEventFile({ header.data(), header.size() }))
        return Frame::Damaged;
    const auto length = littleEndian<std::uint64_t>({ header.data(), 8 });
    const auto at = static_cast<std::uint64_t>(file.tellg());
    if (length > fileBytes - at || fileBytes - at - length < 4)
        return Frame::End; // still being written, or cut off
    if (length > largestScalarRecord) {
        file.seekg(static_cast<std::streamoff>(at + length + 4));
        return Frame::Skipped;
    }
    record.resize(static_cast<std::size_t>(length) + 4);
    file.read(record.data(), static_cast<std::streamsize>(record.size()));
    if (file.gcount() < static_cast<std::streamsize>(record.size()))
        return Frame::End;
    const auto crc
        = littleEndian<std::uint32_t>(std::string_view(record).substr(record.size() - 4));
    record.resize(record.size() - 4);
    return crc == maskedCrc(record) ? Frame::Record : Frame::Skipped;
}

/// "events.out.tfevents.1700000000.host.1.0.v2": what TensorBoard goes by as well.
bool hasEventFileName(const std::filesystem::path& path)
{
    return path.filename().string().find("tfevents") != std::string::npos;
}

/// Event files by run folder, relative to `folder` ("." for itself), in the order of their names.
std::map<std::string, std::vector<std::filesystem::path>> runsBelow(
    const std::filesystem::path& folder, const JobContext& job)
{
    std::map<std::string, std::vector<std::filesystem::path>> runs;
    std::error_code failure;
    const auto options = std::filesystem::directory_options::skip_permission_denied;
    auto entry = std::filesystem::recursive_directory_iterator(folder, options, failure);
    for (const auto end = decltype(entry)(); !failure && entry != end; entry.increment(failure)) {
        if (job.stopRequested())
            break;
        if (entry.depth() >= deepestFolder)
            entry.disable_recursion_pending();
        std::error_code ignored;
        if (hasEventFileName(entry->path()) && entry->is_regular_file(ignored)) {
            const auto run = entry->path().parent_path().lexically_relative(folder);
            runs[run.generic_string()].push_back(entry->path());
        }
    }
    for (auto& [run, files] : runs)
        std::sort(files.begin(), files.end()); // their names begin with the time
    return runs;
}

} // namespace

bool isEventFile(std::string_view firstBytes)
{
    return firstBytes.size() >= frameHeaderBytes
        && littleEndian<std::uint32_t>(firstBytes.substr(8)) == maskedCrc(firstBytes.substr(0, 8));
}

Result<History> readEventFile(const std::filesystem::path& path, const JobContext& job)
{
    std::error_code failure;
    const std::uint64_t size = std::filesystem::file_size(path, failure);
    std::ifstream file(path, std::ios::binary);
    if (failure || !file)
        return Error(
            ErrorKind::NotReadable, "the event file cannot be read; check its permissions");
    EventReader events;
    std::string record;
    bool isFirst = true;
    for (std::uint64_t count = 0;; ++count) {
        if (count % 1024 == 0) {
            if (job.stopRequested())
                return Error(ErrorKind::Stopped, "reading the event file was stopped");
            job.report(static_cast<std::int64_t>(file.tellg()), static_cast<std::int64_t>(size));
        }
        const Frame frame = readFrame(file, size, record);
        // Behind a damaged length nothing can be found again.
        if (frame == Frame::Damaged && isFirst)
            return Error(ErrorKind::Corrupt,
                "the event file is damaged at its very first record; nothing in it can be read");
        if (frame == Frame::End || frame == Frame::Damaged)
            return events.take();
        if (frame == Frame::Record)
            events.addEvent(record);
        isFirst = false;
    }
}

Result<History> readEventFolder(const std::filesystem::path& folder, const JobContext& job)
{
    const auto runs = runsBelow(folder, job);
    if (runs.empty() && !job.stopRequested())
        return Error(ErrorKind::NotFound,
            "there are no TensorBoard event files (…tfevents…) in this folder or below");
    History all;
    std::optional<Error> problem;
    for (const auto& [run, files] : runs) {
        for (const auto& file : files) {
            if (job.stopRequested())
                return Error(ErrorKind::Stopped, "reading the event files was stopped");
            auto history = readEventFile(file, job);
            if (!history) {
                problem = std::move(history).error().in(file.filename().string());
                continue;
            }
            for (const Series& series : *history) {
                const std::string name = run == "." ? series.name : run + '/' + series.name;
                for (std::size_t i = 0; i < series.values.size(); ++i)
                    addPoint(all, name, series.steps[i], series.values[i]);
            }
        }
    }
    if (all.empty() && problem)
        return *std::move(problem);
    return all;
}

} // namespace layerscope::analysis
