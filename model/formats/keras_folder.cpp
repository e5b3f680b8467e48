#include "model/containers/system_failure.h"
#include "model/formats/keras_v3_writer.h"

#include <fstream>

// A Keras archive that was saved as a folder (zipped=False), or unpacked.

namespace layerscope::formats {

namespace fs = std::filesystem;
using containers::MappedFile;

namespace {

constexpr std::array<std::string_view, 1> kerasFolderNames{ "keras-folder" };
constexpr std::size_t mostMembers = 10000;

/// The folder that `path` means: itself, or that of the config.json in it.
fs::path folderOf(const fs::path& path)
{
    std::error_code none;
    const bool isMember = isOwnMember(path.filename().string());
    return isMember && !fs::is_directory(path, none) ? path.parent_path() : path;
}

Recognition recogniseKerasFolder(const fs::path& path)
{
    std::error_code none;
    const fs::path folder = folderOf(path);
    if (!fs::is_directory(folder, none) && !folder.empty())
        return Recognition::No;
    const bool hasConfig = fs::is_regular_file(folder / configMember, none);
    const bool hasWeights = fs::is_regular_file(folder / weightsMember, none);
    if (!hasConfig)
        return Recognition::No;
    return hasWeights && fs::is_directory(path, none)             ? Recognition::Yes
        : hasWeights || fs::exists(folder / metadataMember, none) ? Recognition::Maybe
                                                                  : Recognition::No;
}

/// Every file in the folder and below, relative to it; links to folders are not followed.
std::vector<std::string> filesIn(const fs::path& folder, std::uint64_t& bytes)
{
    std::vector<std::string> names;
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(folder, failed), end;
         !failed && entry != end && names.size() < mostMembers; entry.increment(failed)) {
        if (!entry->is_regular_file(failed))
            continue;
        names.push_back(entry->path().lexically_relative(folder).generic_string());
        bytes += entry->file_size(failed);
    }
    std::ranges::sort(names);
    return names;
}

Result<Network> readKerasFolder(const fs::path& path, const JobContext& job)
{
    const fs::path folder = folderOf(path).empty() ? fs::path(".") : folderOf(path);
    Network network;
    network.file.path = folder;
    Members members;
    members.names = filesIn(folder, network.file.bytes);
    members.text = [&](const std::string& name) {
        return containers::textOfFile(folder / name, longestText);
    };
    members.file = [&](const std::string& name) { return MappedFile::open(folder / name); };
    auto carried = std::make_shared<V3Carried>();
    carried->folder = folder;
    TRY(network, readMembers(members, std::move(network), carried, job));
    network.file.format = kerasFolderNames[0];
    carried->format = network.file.format;
    return network;
}

Result<void> writeBytes(const fs::path& path, std::string_view bytes)
{
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    return file ? Result<void>() : containers::writeError(path);
}

Result<void> writeKerasFolder(const Network& network, const fs::path& path,
    const WriteOptions& options, const JobContext& job)
{
    if (auto error = v3Refusal(network, options.format))
        return *std::move(error);
    const MemberTexts texts = memberTexts(network);
    TRY_DO(writeBytes(path / metadataMember, texts.metadata));
    TRY_DO(writeBytes(path / configMember, texts.config));
    TRY_DO(writeV3File(network, options.optimizer, path / weightsMember, job));
    TRY_DO(visitOtherMembers(network, [&](const OtherMember& member) -> Result<void> {
        TRY(const std::string content, member.text());
        return writeBytes(path / member.name, content);
    }));
    return texts.history ? writeBytes(path / historyMember, *texts.history) : Result<void>();
}

} // namespace

extern const ModelFormat keras_folder;
const ModelFormat keras_folder{
    .title = WORDS("formats", "Keras folder"),
    .names = kerasFolderNames,
    .patterns = {},
    .recognise = recogniseKerasFolder,
    .read = readKerasFolder,
    .write = writeKerasFolder,
    .remarks = v3Remarks,
    .isFolder = true,
    .places = v3Places,
};

} // namespace layerscope::formats
