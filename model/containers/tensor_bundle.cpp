#include "model/containers/tensor_bundle.h"

#include "model/containers/bundle_slices.h"
#include "model/containers/byte_order.h"
#include "model/containers/crc32c.h"
#include "model/containers/mapped_file.h"
#include "model/containers/table_blocks.h"

#include <google/protobuf/stubs/logging.h>
#include <leveldb/env.h>
#include <leveldb/iterator.h>
#include <leveldb/options.h>
#include <leveldb/table.h>

#include <cstdio>
#include <fstream>

#include "proto/tensorflow.pb.h"

// PREFIX.index, a LevelDB sorted table (doc/table_format.md of LevelDB), plain keys in byte order:
//
//     ""                       BundleHeader: number of shards, byte order, version
//     "layer/kernel/…"         BundleEntry: dtype, shape, shard, offset, size, masked crc32c
//     00 name 00 01 …          BundleEntry of one slice of a partitioned array (bundle_slices.h)
//
// PREFIX.data-SSSSS-of-NNNNN holds row-major bytes. A string array is: varint64 length of each
// string, masked crc32c of the lengths, then the strings.

namespace layerscope::containers {

namespace {

constexpr std::array<std::pair<DType, int>, 16> bundleTypes{ {
    { DType::Float32, 1 },
    { DType::Float64, 2 },
    { DType::Int32, 3 },
    { DType::UInt8, 4 },
    { DType::Int16, 5 },
    { DType::Int8, 6 },
    { DType::String, 7 },
    { DType::Complex64, 8 },
    { DType::Int64, 9 },
    { DType::Bool, 10 },
    { DType::BFloat16, 14 },
    { DType::UInt16, 17 },
    { DType::Complex128, 18 },
    { DType::Float16, 19 },
    { DType::UInt32, 22 },
    { DType::UInt64, 23 },
} };

std::filesystem::path indexPath(const std::filesystem::path& prefix)
{
    return prefix.string() + ".index";
}

/// The index file as LevelDB wants to read it: out of the mapping.
class MappedRandomAccess final : public leveldb::RandomAccessFile
{
public:
    explicit MappedRandomAccess(std::shared_ptr<const MappedFile> file)
        : m_file(std::move(file))
    {
    }

    leveldb::Status Read(
        std::uint64_t offset, std::size_t count, leveldb::Slice* result, char*) const override
    {
        const auto bytes = m_file->bytes();
        if (offset > bytes.size() || count > bytes.size() - offset)
            return leveldb::Status::IOError("a block lies outside the file");
        const auto block = bytes.subspan(offset, count);
        if (isTableBomb(block)
            && offset + count < bytes.size()) // the last thing read is the footer
            return leveldb::Status::Corruption("a block claims to unfold to more than it can");
        *result = leveldb::Slice(reinterpret_cast<const char*>(block.data()), count);
        return leveldb::Status::OK();
    }

private:
    std::shared_ptr<const MappedFile> m_file;
};

Error corruptBundle(const std::string& what)
{
    return Error(ErrorKind::Corrupt, what);
}

/// Dimensions of a shape message; nothing where one is negative or the rank is unknown.
std::optional<Shape> shapeOf(const tensorflow::TensorShape& message)
{
    if (message.unknown_rank() || message.dim_size() > 64)
        return std::nullopt;
    Shape shape;
    for (const auto& dimension : message.dim())
        shape.push_back(dimension.size());
    return elementCount(shape) ? std::optional(shape) : std::nullopt;
}

/// Bytes of one number; complex types are two.
std::size_t numberWidth(DType type)
{
    return type == DType::Complex64 || type == DType::Complex128 ? byteSize(type) / 2
                                                                 : byteSize(type);
}

Result<Tensor> parseStrings(std::span<const std::byte> bytes, const Shape& shape)
{
    const auto count = static_cast<std::uint64_t>(*elementCount(shape));
    if (count > bytes.size()) // each length takes a byte at least
        return corruptBundle("a string array claims more strings than its bytes can hold");
    std::vector<std::uint64_t> lengths(static_cast<std::size_t>(count));
    for (std::uint64_t& length : lengths) {
        const auto number = takeVarint(bytes);
        if (!number)
            return corruptBundle("the lengths of a string array break off");
        length = *number;
    }
    if (bytes.size() < 4)
        return corruptBundle("a string array ends before its strings");
    bytes = bytes.subspan(4); // checksum of the lengths; the entry's own covers everything
    std::vector<std::string> strings;
    for (const std::uint64_t length : lengths) {
        if (length > bytes.size())
            return corruptBundle("a string of a string array lies outside the file");
        strings.emplace_back(
            reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
        bytes = bytes.subspan(static_cast<std::size_t>(length));
    }
    return Tensor::ofStrings(shape, std::move(strings));
}

} // namespace

struct TensorBundle::Content
{
    std::filesystem::path prefix;
    bool bigEndian = false;
    std::map<std::string, tensorflow::BundleEntry> entries; // slices too
    std::vector<std::shared_ptr<const MappedFile>> shards;
    std::uint64_t bytes = 0;

    /// The bytes of an entry as they lie in its shard.
    Result<std::span<const std::byte>> bytesOf(const tensorflow::BundleEntry& entry) const
    {
        if (entry.shard_id() < 0 || static_cast<std::size_t>(entry.shard_id()) >= shards.size())
            return corruptBundle("an entry names shard " + std::to_string(entry.shard_id())
                + ", the checkpoint has " + std::to_string(shards.size()));
        const auto& shard = shards[static_cast<std::size_t>(entry.shard_id())];
        const auto offset = static_cast<std::uint64_t>(entry.offset());
        const auto size = static_cast<std::uint64_t>(entry.size());
        if (entry.offset() < 0 || entry.size() < 0 || offset > shard->size()
            || size > shard->size() - offset)
            return corruptBundle("an array lies outside " + shard->path().filename().string()
                + ", which is shorter than the index says");
        return shard->bytes().subspan(
            static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
    }
};

namespace {

/// Whether some arrays share bytes of a shard, which no writer lets them do.
bool haveOverlap(const std::map<std::string, tensorflow::BundleEntry>& entries)
{
    std::vector<std::array<std::int64_t, 3>> extents; // shard, offset, size
    for (const auto& [key, entry] : entries)
        if (entry.size() > 0)
            extents.push_back({ entry.shard_id(), entry.offset(), entry.size() });
    std::ranges::sort(extents);
    for (std::size_t i = 1; i < extents.size(); ++i)
        if (extents[i][0] == extents[i - 1][0]
            && extents[i][1] - extents[i - 1][1] < extents[i - 1][2])
            return true;
    return false;
}

/// An array that has to be put together: strings, slices, another byte order.
class AssembledEntry final : public StoredTensor::Source
{
public:
    AssembledEntry(std::function<Result<Tensor>()> load)
        : m_load(std::move(load))
    {
    }
    Result<Tensor> load() const override { return m_load(); }

private:
    std::function<Result<Tensor>()> m_load;
};

} // namespace

std::filesystem::path TensorBundle::shardPath(
    const std::filesystem::path& prefix, int shard, int shards)
{
    std::array<char, 40> suffix{};
    std::snprintf(suffix.data(), suffix.size(), ".data-%05d-of-%05d", shard, shards);
    return prefix.string() + suffix.data();
}

bool TensorBundle::isAt(const std::filesystem::path& prefix)
{
    std::ifstream file(indexPath(prefix), std::ios::binary);
    file.seekg(-8, std::ios::end);
    std::array<char, 8> magic{};
    file.read(magic.data(), magic.size());
    return file && std::string_view(magic.data(), 8) == "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
}

TensorBundle TensorBundle::empty()
{
    TensorBundle bundle;
    bundle.m_content = std::make_shared<Content>();
    return bundle;
}

Result<TensorBundle> TensorBundle::open(const std::filesystem::path& prefix)
{
    try {
        return openIndex(prefix);
    } catch (const std::bad_alloc&) { // LevelDB takes memory for a block before it asks for it
        return corruptBundle("the index of the checkpoint claims blocks that no memory holds");
    }
}

Result<TensorBundle> TensorBundle::openIndex(const std::filesystem::path& prefix)
{
    // Whatever is wrong with a message is ours to say; the library would print it.
    [[maybe_unused]] static auto* const printing = google::protobuf::SetLogHandler(nullptr);
    auto content = std::make_shared<Content>();
    content->prefix = prefix;
    TRY(auto index, MappedFile::open(indexPath(prefix)));
    content->bytes = index->size();

    const auto damaged = [] {
        return corruptBundle(
            "the index of the checkpoint is damaged; copy or download the checkpoint again");
    };
    if (!tableBlocksLieInside(index->bytes())) // LevelDB would take memory for them first
        return damaged();
    MappedRandomAccess access(index);
    leveldb::Options options;
    options.paranoid_checks = true;
    leveldb::Table* opened = nullptr;
    const leveldb::Status status = leveldb::Table::Open(options, &access, index->size(), &opened);
    const std::unique_ptr<leveldb::Table> table(opened);
    if (!status.ok())
        return damaged();

    leveldb::ReadOptions reading;
    reading.verify_checksums = true;
    const std::unique_ptr<leveldb::Iterator> entry(table->NewIterator(reading));
    tensorflow::BundleHeader header;
    entry->SeekToFirst();
    if (!entry->Valid() || !entry->key().empty()
        || !header.ParseFromArray(entry->value().data(), static_cast<int>(entry->value().size())))
        return corruptBundle("the index of the checkpoint has no header");
    if (header.num_shards() < 1 || header.num_shards() > 99999)
        return corruptBundle(
            "the checkpoint claims " + std::to_string(header.num_shards()) + " shards");
    content->bigEndian = header.endianness() == 1;

    TensorBundle bundle;
    std::string last;
    bool isSorted = true;
    for (entry->Next(); entry->Valid(); entry->Next()) {
        tensorflow::BundleEntry message;
        if (!message.ParseFromArray(entry->value().data(), static_cast<int>(entry->value().size())))
            return corruptBundle("an entry of the checkpoint's index cannot be read");
        const std::string key = entry->key().ToString();
        const auto shape = shapeOf(message.shape());
        const auto type = dtypeFromTensorflow(message.dtype());
        if (key.empty())
            return corruptBundle("the index of the checkpoint has two headers");
        isSorted = isSorted && last < key;
        last = key;
        if (key.front() != '\0') // slices of a partitioned array are found through their master
            bundle.m_entries[key] = { type.value_or(DType::Float32), shape.value_or(Shape{}),
                type.has_value() && shape.has_value() };
        content->entries[key] = std::move(message);
    }
    if (!entry->status().ok())
        return corruptBundle(
            "the index of the checkpoint is damaged (" + entry->status().ToString() + ")");

    for (int i = 0; i < header.num_shards(); ++i) {
        auto shard = MappedFile::open(shardPath(prefix, i, header.num_shards()));
        if (!shard)
            return std::move(shard).error();
        content->bytes += (*shard)->size();
        content->shards.push_back(*std::move(shard));
    }
    if (!isSorted)
        bundle.m_oddities.emplace_back(
            "The keys of the checkpoint's index are out of order, so that TensorFlow does not find "
            "all of them.");
    if (haveOverlap(content->entries))
        bundle.m_oddities.emplace_back("Several arrays of the checkpoint share the same bytes.");
    if (content->bigEndian)
        bundle.m_oddities.emplace_back(
            "The checkpoint says that its numbers have the byte order of big-endian machines.");
    bundle.m_content = std::move(content);
    return bundle;
}

std::vector<std::string> TensorBundle::keysWithWrongChecksum(const JobContext& job) const
{
    std::vector<std::string> wrong;
    std::int64_t done = 0;
    for (const auto& [key, entry] : m_content->entries) {
        if (job.stopRequested())
            break;
        job.report(done++, static_cast<std::int64_t>(m_content->entries.size()));
        const auto bytes = m_content->bytesOf(entry);
        // The checksum of strings goes on from that of their lengths; reading them checks the
        // lengths.
        const bool isPlain = entry.slices_size() == 0
            && dtypeFromTensorflow(entry.dtype()).value_or(DType::String) != DType::String;
        if (isPlain && bytes && maskedCrc32c(crc32c(*bytes)) != entry.crc32c())
            wrong.push_back(key);
    }
    return wrong;
}

Result<StoredTensor> TensorBundle::tensor(const std::string& key) const
{
    const auto known = m_entries.find(key);
    if (known == m_entries.end())
        return Error(ErrorKind::NotFound, "the checkpoint has no array \"" + key + "\"");
    if (!known->second.readable)
        return Error(ErrorKind::Unsupported,
            "\"" + key + "\" has a type that is not an array of numbers or strings");
    const auto& [type, shape, readable] = known->second;
    const tensorflow::BundleEntry& message = m_content->entries.at(key);

    const auto expected = static_cast<std::uint64_t>(*elementCount(shape)) * byteSize(type);
    if (message.slices_size() > 0) {
        if (static_cast<std::uint64_t>(*elementCount(shape)) > m_content->bytes)
            return corruptBundle(
                "\"" + key + "\" is larger than all files of the checkpoint together");
        auto load = [content = m_content, key, type = type, shape = shape]() -> Result<Tensor> {
            std::vector<BundleSlice> slices;
            for (const auto& slice : content->entries.at(key).slices()) {
                TRY(BundleSlice part, resolveSlice(key, slice, shape));
                const auto found = content->entries.find(part.key);
                if (found == content->entries.end())
                    return corruptBundle(
                        "a slice of \"" + key + "\" is missing from the checkpoint");
                TRY(part.bytes, content->bytesOf(found->second));
                slices.push_back(std::move(part));
            }
            TRY(Tensor whole, joinSlices(type, shape, slices));
            if (content->bigEndian)
                swapBytes(whole.mutableBytes(), numberWidth(type));
            return whole;
        };
        return StoredTensor(type, shape, std::make_shared<AssembledEntry>(std::move(load)));
    }

    TRY(const auto bytes, m_content->bytesOf(message));
    if (type != DType::String && bytes.size() != expected)
        return corruptBundle("\"" + key + "\" has " + std::to_string(bytes.size())
            + " bytes, its shape " + toString(shape) + " takes " + std::to_string(expected));
    if (type != DType::String && !m_content->bigEndian) {
        const auto& shard = m_content->shards[static_cast<std::size_t>(message.shard_id())];
        return shard->storedTensorAt(type, shape, static_cast<std::uint64_t>(message.offset()));
    }
    auto load = [content = m_content, key, bytes, type = type, shape = shape]() -> Result<Tensor> {
        if (maskedCrc32c(crc32c(bytes)) != content->entries.at(key).crc32c()
            && type != DType::String)
            return corruptBundle("the checksum of \"" + key + "\" does not match its bytes");
        if (type == DType::String)
            return parseStrings(bytes, shape);
        TRY(Tensor tensor, Tensor::fromBytes(type, shape, bytes));
        swapBytes(tensor.mutableBytes(), numberWidth(type));
        return tensor;
    };
    return StoredTensor(type, shape, std::make_shared<AssembledEntry>(std::move(load)));
}

Result<std::string> TensorBundle::text(const std::string& key) const
{
    TRY(const StoredTensor stored, tensor(key));
    TRY(const Tensor value, stored.load());
    if (value.strings().size() != 1)
        return corruptBundle("\"" + key + "\" is not one string");
    return value.strings().front();
}

std::uint64_t TensorBundle::totalBytes() const
{
    return m_content->bytes;
}

int tensorflowType(DType type)
{
    for (const auto& [ours, number] : bundleTypes)
        if (ours == type)
            return number;
    return 0;
}

std::optional<DType> dtypeFromTensorflow(int number)
{
    for (const auto& [ours, theirs] : bundleTypes)
        if (theirs == number)
            return ours;
    return std::nullopt;
}

} // namespace layerscope::containers
