#include "model/containers/bundle_slices.h"

#include "proto/tensorflow.pb.h"

namespace layerscope::containers {

namespace {

/// Numbers from 0 on, so that keys sort as the numbers do: one byte 80+n up to 63, else L
/// big-endian bytes with the top L bits set. -1 (the whole axis) is 7F.
void appendIncreasing(std::string& key, std::int64_t number)
{
    if (number < 0) {
        key.push_back('\x7F');
        return;
    }
    unsigned length = 1;
    while (length < 8 && number >= (std::int64_t{ 1 } << (7 * length - 1)))
        ++length;
    std::string bytes(length, '\0');
    auto rest = static_cast<std::uint64_t>(number);
    for (unsigned i = length; i-- > 0; rest >>= 8U)
        bytes[i] = static_cast<char>(rest & 0xFFU);
    bytes[0]
        = static_cast<char>(static_cast<unsigned char>(bytes[0]) | ((0xFF00U >> length) & 0xFFU));
    key += bytes;
}

void appendName(std::string& key, std::string_view name)
{
    for (const char c : name) {
        key.push_back(c);
        if (c == '\0')
            key.push_back('\xFF');
        else if (c == '\xFF')
            key.push_back('\0');
    }
    key.push_back('\0');
    key.push_back('\1');
}

} // namespace

Result<BundleSlice> resolveSlice(
    const std::string& name, const tensorflow::TensorSlice& slice, const Shape& whole)
{
    if (static_cast<std::size_t>(slice.extent_size()) != whole.size())
        return Error(ErrorKind::Corrupt,
            "a slice of \"" + name + "\" has another number of axes than the whole");
    BundleSlice result;
    result.key.push_back('\0');
    appendName(result.key, name);
    result.key.push_back('\1'); // the number of axes, as length and big-endian bytes
    result.key.push_back(static_cast<char>(whole.size()));
    for (std::size_t axis = 0; axis < whole.size(); ++axis) {
        const auto& extent = slice.extent(static_cast<int>(axis));
        const bool full = extent.has_length_case() != tensorflow::TensorSlice::Extent::kLength;
        appendIncreasing(result.key, full ? 0 : extent.start());
        appendIncreasing(result.key, full ? -1 : extent.length());
        const std::int64_t start = full ? 0 : extent.start();
        const std::int64_t length = full ? whole[axis] : extent.length();
        if (start < 0 || length < 0 || start > whole[axis] || length > whole[axis] - start)
            return Error(ErrorKind::Corrupt, "a slice of \"" + name + "\" lies outside the whole");
        result.start.push_back(start);
        result.length.push_back(length);
    }
    return result;
}

Result<Tensor> joinSlices(DType type, const Shape& whole, const std::vector<BundleSlice>& slices)
{
    const std::size_t width = byteSize(type);
    // Before any memory is taken: the bytes of the slices are there, so a whole that is as large as
    // they are is not made up.
    std::uint64_t covered = 0;
    for (const BundleSlice& slice : slices) {
        const auto count = elementCount(slice.length);
        if (!count || width == 0 || slice.bytes.size() % width != 0
            || static_cast<std::uint64_t>(*count) != slice.bytes.size() / width)
            return Error(
                ErrorKind::Corrupt, "a slice of a partitioned array has the wrong number of bytes");
        covered += static_cast<std::uint64_t>(*count);
    }
    if (covered != static_cast<std::uint64_t>(elementCount(whole).value_or(-1)))
        return Error(ErrorKind::Corrupt, "the slices of a partitioned array do not cover it");
    TRY(Tensor tensor, Tensor::zeros(type, whole));
    const auto target = tensor.mutableBytes();
    for (const BundleSlice& slice : slices) {
        if (slice.bytes.empty())
            continue;
        // Row by row along the last axis: positions of all other axes are counted up.
        const std::size_t rank = whole.size();
        const std::size_t row
            = rank == 0 ? width : static_cast<std::size_t>(slice.length[rank - 1]) * width;
        std::vector<std::int64_t> position(rank, 0);
        for (std::size_t from = 0; from < slice.bytes.size(); from += row) {
            std::int64_t to = 0;
            for (std::size_t axis = 0; axis < rank; ++axis)
                to = to * whole[axis] + slice.start[axis] + position[axis];
            std::memcpy(target.data() + static_cast<std::size_t>(to) * width,
                slice.bytes.data() + from, row);
            for (std::size_t axis = rank < 2 ? 0 : rank - 1; axis-- > 0;) {
                if (++position[axis] < slice.length[axis])
                    break;
                position[axis] = 0;
            }
        }
    }
    return tensor;
}

} // namespace layerscope::containers
