#include "model/containers/crc32c.h"
#include "model/containers/system_failure.h"
#include "model/containers/tensor_bundle.h"

#include <leveldb/env.h>
#include <leveldb/options.h>
#include <leveldb/table_builder.h>

#include <fstream>

#include "proto/tensorflow.pb.h"

namespace layerscope::containers {

namespace {

Error cannotWrite(const std::filesystem::path& path)
{
    return writeError(path);
}

/// Appends to a stream what LevelDB's table builder writes.
class StreamFile final : public leveldb::WritableFile
{
public:
    explicit StreamFile(std::ofstream& stream)
        : m_stream(stream)
    {
    }
    leveldb::Status Append(const leveldb::Slice& data) override
    {
        m_stream.write(data.data(), static_cast<std::streamsize>(data.size()));
        return m_stream ? leveldb::Status::OK() : leveldb::Status::IOError("write failed");
    }
    leveldb::Status Close() override { return leveldb::Status::OK(); }
    leveldb::Status Flush() override { return leveldb::Status::OK(); }
    leveldb::Status Sync() override { return leveldb::Status::OK(); }

private:
    std::ofstream& m_stream;
};

std::span<const std::byte> asBytes(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

void appendVarint(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7U)
        out.push_back(static_cast<char>(value | 0x80U));
    out.push_back(static_cast<char>(value));
}

void appendFixed(std::string& out, std::uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; ++i)
        out.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
}

/// A string array's bytes. The checksum of the lengths runs over them as fixed-width numbers, not
/// as the varints that are stored, and the entry's checksum goes on from there (formats.md 6.4).
std::string stringBytes(const std::vector<std::string>& strings, std::uint32_t& checksum)
{
    std::string lengths;
    std::string fixed;
    for (const std::string& text : strings) {
        appendVarint(lengths, text.size());
        appendFixed(fixed, text.size(), text.size() > 0xFFFFFFFFULL ? 8 : 4);
    }
    checksum = crc32c(asBytes(fixed));
    std::string rest;
    appendFixed(rest, maskedCrc32c(checksum), 4);
    for (const std::string& text : strings)
        rest += text;
    checksum = crc32c(asBytes(rest), checksum);
    return lengths + rest;
}

std::string serialized(const google::protobuf::MessageLite& message)
{
    return message.SerializeAsString();
}

} // namespace

Result<void> writeTensorBundle(const std::filesystem::path& prefix,
    std::vector<std::pair<std::string, StoredTensor>> tensors, const JobContext& job, int shards)
{
    std::sort(tensors.begin(), tensors.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::filesystem::path dataPath = TensorBundle::shardPath(prefix, 0, shards);
    const std::filesystem::path indexPath = prefix.string() + ".index";
    std::ofstream data(dataPath, std::ios::binary | std::ios::trunc);
    std::ofstream index(indexPath, std::ios::binary | std::ios::trunc);
    if (!data)
        return cannotWrite(dataPath);
    if (!index)
        return cannotWrite(indexPath);

    for (int i = 1; i < shards; ++i)
        if (const auto path = TensorBundle::shardPath(prefix, i, shards); !std::ofstream(path))
            return cannotWrite(path);

    StreamFile file(index);
    leveldb::Options options;
    options.compression = leveldb::kNoCompression; // as TensorFlow writes it
    options.block_size = std::size_t{ 256 } << 10U;
    leveldb::TableBuilder table(options, &file);
    tensorflow::BundleHeader header;
    header.set_num_shards(shards);
    header.mutable_version()->set_producer(1);
    table.Add(leveldb::Slice(), serialized(header));

    std::int64_t offset = 0;
    std::int64_t total = 0;
    for (const auto& [key, stored] : tensors)
        total += stored.byteCount();
    for (const auto& [key, stored] : tensors) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "saving was stopped");
        TRY(const Tensor tensor, stored.load());
        std::uint32_t checksum = 0;
        std::string strings;
        auto bytes = tensor.bytes();
        if (tensor.dtype() == DType::String) {
            strings = stringBytes(tensor.strings(), checksum);
            bytes = asBytes(strings);
        } else {
            checksum = crc32c(bytes);
        }
        data.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));

        tensorflow::BundleEntry entry;
        entry.set_dtype(tensorflowType(tensor.dtype()));
        auto* shape = entry.mutable_shape();
        for (const std::int64_t length : tensor.shape())
            shape->add_dim()->set_size(length);
        entry.set_offset(offset);
        entry.set_size(static_cast<std::int64_t>(bytes.size()));
        entry.set_crc32c(maskedCrc32c(checksum));
        table.Add(key, serialized(entry));
        offset += static_cast<std::int64_t>(bytes.size());
        job.report(offset, total, key);
    }
    if (!table.Finish().ok() || !index.flush())
        return cannotWrite(indexPath);
    if (!data.flush())
        return cannotWrite(dataPath);
    return {};
}

} // namespace layerscope::containers
