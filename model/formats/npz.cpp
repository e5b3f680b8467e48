// Weights as a NumPy archive: one .npy for each, named by the weight's path, in Keras's
// model.weights order.
#include "model/formats/named_arrays.h"

#include <algorithm>
#include <array>

namespace layerscope::formats {

namespace {

Recognition recogniseNpz(const std::filesystem::path& path)
{
    return containers::isArchiveOfArrays(path) ? Recognition::Yes : Recognition::No;
}

/// "x", "x_0", "x:name", for one of `words`.
bool isNamedLike(const std::string& name, std::initializer_list<std::string_view> words)
{
    return std::ranges::any_of(words, [&](std::string_view word) {
        return name.starts_with(word)
            && (name.size() == word.size() || name[word.size()] == '_' || name[word.size()] == ':');
    });
}

/// Other uses of .npz that this program has, which are no weights.
std::optional<Error> otherUse(const NamedArrays& arrays)
{
    const auto all = [&](std::initializer_list<std::string_view> words) {
        return std::ranges::all_of(
            arrays, [&](const auto& array) { return isNamedLike(array.first, words); });
    };
    if (all({ "x", "y", "sample_weight", "x_train", "y_train", "x_test", "y_test" }))
        return Error(ErrorKind::WrongFormat,
            "these arrays (" + arrays.front().first
                + " …) are a data set, not weights; open a "
                  "model and train it on them");
    if (all({ "input", "upstream" }))
        return Error(ErrorKind::WrongFormat,
            "these arrays (" + arrays.front().first
                + " …) are inputs of a model, not weights; "
                  "give them to 'layerscope predict MODEL --inputs'");
    if (all({ "output", "layer", "grad", "input_grad" }))
        return Error(ErrorKind::WrongFormat,
            "these arrays (" + arrays.front().first + " …) are results of a model, not weights");
    return std::nullopt;
}

Result<Network> readNpz(const std::filesystem::path& path, const JobContext&)
{
    TRY(auto arrays, containers::openNpz(path));
    if (auto other = otherUse(arrays))
        return *std::move(other);
    Network network = networkOfArrays(std::move(arrays));
    std::error_code none;
    network.file.path = path;
    network.file.format = "npz";
    network.file.bytes = std::filesystem::file_size(path, none);
    return network;
}

Result<void> writeNpz(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job)
{
    return containers::writeNpz(path, arraysOf(network, options.optimizer), job);
}

std::vector<std::string> remarksOnNpz(const Network& network, const WriteOptions& options)
{
    auto found = remarksOnArrays(network, options.optimizer);
    const bool hasBFloat = std::ranges::any_of(network.weights,
        [](const Weight& weight) { return weight.value.dtype() == DType::BFloat16; });
    if (hasBFloat)
        found.emplace_back("NumPy has no bfloat16: such arrays are stored as float32, exactly.");
    return found;
}

constexpr std::array<std::string_view, 1> npzNames{ "npz" };
constexpr std::array<std::string_view, 1> npzPatterns{ "*.npz" };

} // namespace

extern const ModelFormat npz;
const ModelFormat npz{
    .title = WORDS("formats", "NumPy arrays"),
    .names = npzNames,
    .patterns = npzPatterns,
    .recognise = recogniseNpz,
    .read = readNpz,
    .write = writeNpz,
    .remarks = remarksOnNpz,
};

} // namespace layerscope::formats
