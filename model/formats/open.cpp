#include "model/containers/hdf5.h"
#include "model/core/within_memory.h"
#include "model/formats/diagnosis.h"
#include "model/formats/format.h"
#include "model/formats/oddities.h"
#include "model/formats/strangers.h"

namespace layerscope::formats {

namespace {

/// An HDF5 file that is none of Keras's.
std::optional<Error> otherHdf5(const std::filesystem::path& path)
{
    const auto mapped = containers::MappedFile::open(path);
    if (!mapped || !containers::findHdf5Signature((*mapped)->bytes()))
        return std::nullopt;
    const auto file = containers::Hdf5File::open(**mapped);
    if (!file)
        return std::nullopt;
    const auto root = file->root();
    if (!root)
        return std::nullopt;
    if (const auto stranger = identifyStranger(path))
        return Error(ErrorKind::WrongFormat, stranger->clause());
    std::string names;
    const auto links = root->links();
    for (std::size_t i = 0; links && i < std::min(links->size(), std::size_t{ 3 }); ++i)
        names += (i > 0 ? ", " : "") + (*links)[i].name;
    return Error(ErrorKind::WrongFormat,
        "this is an HDF5 file, but no Keras model: it holds "
            + (names.empty() ? std::string("nothing") : names));
}

/// The sentence for a file that a format recognised and could not read.
Error unreadable(const std::filesystem::path& path, Error error)
{
    if (error.kind() == ErrorKind::Stopped)
        return error;
    if (auto cut = truncation(path))
        return *std::move(cut);
    if (error.kind() == ErrorKind::WrongFormat)
        if (auto other = otherHdf5(path))
            return *std::move(other);
    return error;
}

Result<Network> openByContent(const std::filesystem::path& path, const JobContext& job)
{
    const std::string name = path.filename().empty() ? path.string() : path.filename().string();
    std::error_code none;
    const bool isFolder = std::filesystem::is_directory(path, none); // some formats are folders
    const bool isFile = !isFolder && std::filesystem::exists(path, none);
    if (auto fault = isFile ? obviousFault(path) : std::nullopt)
        return (*std::move(fault)).in(name);
    const ModelFormat* best = nullptr;
    Recognition certainty = Recognition::No;
    for (const ModelFormat* format : allFormats()) {
        const Recognition recognised = format->recognise(path);
        if (recognised > certainty) {
            certainty = recognised;
            best = format;
        }
    }
    if (best == nullptr) {
        // Nothing by this very name may still be a checkpoint, which is given by a prefix.
        if (auto fault = isFolder ? std::nullopt : obviousFault(path))
            return (*std::move(fault)).in(name);
        return (isFolder ? describeFolder(path) : describeStranger(path)).in(name);
    }
    auto network = best->read(path, job);
    if (!network)
        return unreadable(path, std::move(network).error()).in(name);
    noteOddities(*network);
    return network;
}

} // namespace

Result<Network> openNetwork(const std::filesystem::path& path, const JobContext& job)
{
    return withinMemory([&] { return openByContent(path, job); });
}

std::vector<Problem> verifyValues(const Network& network, const JobContext& job)
{
    std::vector<Problem> problems;
    for (const ModelFormat* format : allFormats())
        if (format->verify != nullptr
            && std::ranges::find(format->names, network.file.format) != format->names.end())
            for (Problem& problem : format->verify(network, job))
                problems.push_back(std::move(problem));
    return problems;
}

} // namespace layerscope::formats
