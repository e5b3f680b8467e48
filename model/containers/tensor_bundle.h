#pragma once

#include "model/core/job_context.h"
#include "model/core/stored_tensor.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace layerscope::containers {

class MappedFile;

/// A TensorFlow checkpoint of version 2 (tensor bundle): PREFIX.index, a LevelDB table of entries,
/// and the shards PREFIX.data-SSSSS-of-NNNNN that hold the bytes.
///
/// Opening reads the index alone. Arrays stay in the mapped shards; those of another byte order,
/// split into slices, or of strings are put together when they are loaded, and their checksums are
/// verified then.
class TensorBundle
{
public:
    struct Entry
    {
        DType dtype = DType::Float32;
        Shape shape;
        bool readable
            = true; ///< false for TensorFlow types that are not arrays of numbers or strings
    };

    /// PREFIX.data-00000-of-00001
    static std::filesystem::path shardPath(
        const std::filesystem::path& prefix, int shard, int shards);

    /// True if PREFIX.index is there and begins and ends as a bundle's index does.
    static bool isAt(const std::filesystem::path& prefix);

    /// Errors  NotFound, Corrupt (index or a shard's length), Unsupported
    static Result<TensorBundle> open(const std::filesystem::path& prefix);

    /// One without any array, for where there is none to open.
    static TensorBundle empty();

    /// What is odd about the index, in sentences: keys out of order, arrays that share bytes, the
    /// byte order of other machines.
    const std::vector<std::string>& oddities() const { return m_oddities; }

    /// Reads every byte and gives the keys whose values do not fit their checksums. Stops early
    /// when asked to.
    std::vector<std::string> keysWithWrongChecksum(const JobContext& job) const;

    /// Keys (slices of partitioned arrays excluded) in byte order, each with what the index says.
    const std::map<std::string, Entry>& entries() const { return m_entries; }
    bool contains(const std::string& key) const { return m_entries.find(key) != m_entries.end(); }

    /// Errors  NotFound for a key that is not there, Corrupt where it points outside its shard
    Result<StoredTensor> tensor(const std::string& key) const;

    /// The value of a string scalar (_CHECKPOINTABLE_OBJECT_GRAPH).
    Result<std::string> text(const std::string& key) const;

    std::uint64_t totalBytes() const; ///< index and shards together

private:
    struct Content;
    TensorBundle() = default;
    static Result<TensorBundle> openIndex(const std::filesystem::path& prefix);

    std::map<std::string, Entry> m_entries;
    std::vector<std::string> m_oddities;
    std::shared_ptr<const Content> m_content;
};

/// Writes PREFIX.index and PREFIX.data-00000-of-00001. `tensors` need not be sorted; keys are
/// unique. Not a transaction: the caller writes beside its target. With more `shards` than one the
/// others are empty files: a way to another name for the first.
Result<void> writeTensorBundle(const std::filesystem::path& prefix,
    std::vector<std::pair<std::string, StoredTensor>> tensors, const JobContext& job = {},
    int shards = 1);

/// TensorFlow's number of a dtype (types.proto), and back.
int tensorflowType(DType type);
std::optional<DType> dtypeFromTensorflow(int number);

} // namespace layerscope::containers
