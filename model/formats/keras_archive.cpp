#include "model/containers/zip_writer.h"
#include "model/formats/keras_v3_writer.h"

// Keras archives (.keras) of Keras 3 and of Keras 2.12 to 2.15: a zip of
//
//   metadata.json       {"keras_version", "date_saved"}
//   config.json         the model object, its training set-up under compile_config
//   model.weights.h5    the v3 weights layout (keras_v3_file.h), read in place where it is stored
//   assets/…            vocabularies
//
// The checksum of weights that are read in place is compared at once only where they are few:
// opening a large model reads none of its values. verify() compares it when somebody asks for all
// the values anyway (inspect --stats, check).

namespace layerscope::formats {

using containers::MappedFile;
using containers::ZipArchive;
using containers::ZipEntry;

namespace {

constexpr std::array<std::string_view, 2> kerasArchiveNames{ "keras", "keras2.15" };
constexpr std::array<std::string_view, 1> kerasArchivePatterns{ "*.keras" };
constexpr std::uint64_t checkedAtOnce = 16U << 20U;

bool startsAsZip(std::span<const std::byte> bytes)
{
    return bytes.size() >= 4 && std::memcmp(bytes.data(), "PK", 2) == 0;
}

/// The folder inside the archive that holds a model, if the members are not at its root.
std::string folderInside(const ZipArchive& archive)
{
    for (const ZipEntry& entry : archive.entries())
        if (entry.name.ends_with(std::string("/") + configMember))
            return entry.name.substr(0, entry.name.rfind('/'));
    return {};
}

Recognition recogniseKerasArchive(const std::filesystem::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return Recognition::No;
    const bool isNamedSo = path.extension() == ".keras";
    const auto bytes = (*file)->bytes();
    const auto archive = ZipArchive::open(*file);
    if (!archive) {
        const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
            std::min(bytes.size(), std::size_t{ 4096 }));
        const bool looksSo = isNamedSo || head.find(configMember) != std::string_view::npos
            || head.find(metadataMember) != std::string_view::npos;
        return startsAsZip(bytes) && looksSo ? Recognition::Maybe : Recognition::No;
    }
    for (const char* member : { configMember, metadataMember, weightsMember })
        if (archive->find(member) != nullptr)
            return Recognition::Yes;
    return isNamedSo || !folderInside(*archive).empty() ? Recognition::Maybe : Recognition::No;
}

void report(Network& network, Severity severity, std::string where, std::string what,
    std::string remedy = {})
{
    network.problems.push_back({ severity, std::move(where), std::move(what), std::move(remedy) });
}

void noteArchive(Network& network, const ZipArchive& archive)
{
    if (archive.prefixLength() > 0)
        report(network, Severity::Note, "/",
            std::to_string(archive.prefixLength())
                + " bytes of other data stand before the archive.",
            "They are left out when the model is saved again.");
    for (const std::string& what : archive.oddities())
        report(network, Severity::Warning, "/", what, "What it lists is read.");
    if (const auto extension = network.file.path.extension();
        extension == ".h5" || extension == ".hdf5")
        report(network, Severity::Note, "/",
            "The file is called " + extension.string() + ", and is a Keras archive (.keras).",
            "Give it the ending .keras, or Keras will not open it.");
    std::size_t unsafe = 0;
    for (const ZipEntry& entry : archive.entries()) {
        if (entry.isUnsafe && ++unsafe <= 20)
            report(network, Severity::Warning, entry.name,
                "This member's name leads out of the folder that the archive is unpacked into.",
                "It is not looked at, and left out when the model is saved again.");
        else if (!entry.fault.empty() && !isOwnMember(entry.name))
            report(network, Severity::Warning, entry.name,
                "This member cannot be read: " + entry.fault + ".",
                "It is left out when the model is saved again.");
    }
}

Members membersOf(const ZipArchive& archive)
{
    Members members;
    for (const ZipEntry& entry : archive.entries())
        if (!entry.isUnsafe && !entry.isFolder())
            members.names.push_back(entry.name);
    members.text = [&archive](const std::string& name) {
        return archive.text(*archive.find(name), longestText);
    };
    members.file
        = [&archive](const std::string& name) { return archive.file(*archive.find(name)); };
    return members;
}

/// Whether the weights are those that were put into the archive.
std::optional<Problem> checkWeights(const ZipArchive& archive, const JobContext& job)
{
    const ZipEntry* const weights = archive.find(weightsMember);
    if (weights == nullptr || !weights->fault.empty())
        return std::nullopt;
    const auto checked = archive.checkStored(*weights, job);
    if (checked || checked.error().kind() == ErrorKind::Stopped)
        return std::nullopt;
    return Problem{ Severity::Error, weightsMember,
        "The weights are damaged: " + checked.error().message() + ".",
        "Some values are wrong, and Keras refuses the file; copy or download it again." };
}

Result<Network> readKerasArchive(const std::filesystem::path& path, const JobContext& job)
{
    TRY(auto mapped, MappedFile::open(path));
    Network network;
    network.file.path = path;
    network.file.bytes = mapped->size();
    TRY(auto opened, ZipArchive::open(std::move(mapped)));
    auto carried = std::make_shared<V3Carried>();
    carried->archive = std::make_shared<const ZipArchive>(std::move(opened));
    const ZipArchive& archive = *carried->archive;
    if (archive.entries().empty())
        return Error(ErrorKind::WrongFormat, "this archive is empty: no model can be read from it");
    if (const std::string folder = folderInside(archive);
        archive.find(configMember) == nullptr && !folder.empty())
        return Error(ErrorKind::WrongFormat,
            "the members of this archive lie in a folder '" + folder
                + "'; unpack it and open that folder");
    noteArchive(network, archive);
    const ZipEntry* const weights = archive.find(weightsMember);
    if (weights != nullptr && weights->size <= checkedAtOnce)
        if (auto problem = checkWeights(archive, job))
            network.problems.push_back(*std::move(problem));
    TRY(network, readMembers(membersOf(archive), std::move(network), carried, job));
    network.file.format = network.generation == KerasGeneration::Keras3 ? "keras" : "keras2.15";
    carried->format = network.file.format;
    return network;
}

/// Removes a file that was made on the way.
class Scratch
{
public:
    explicit Scratch(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch()
    {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

Result<void> writeKerasArchive(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job)
{
    if (auto error = v3Refusal(network, options.format))
        return *std::move(error);
    const MemberTexts texts = memberTexts(network);
    const Scratch scratch(path.string() + ".weights");
    TRY(V3Image weights, v3Image(network, options.optimizer, scratch.path(), job));
    TRY(containers::ZipWriter archive, containers::ZipWriter::create(path));
    TRY_DO(archive.add(metadataMember, texts.metadata));
    TRY_DO(archive.add(configMember, texts.config));
    TRY(const std::uint64_t begin, archive.begin(weightsMember, weights.source->size()));
    TRY(const std::uint32_t checksum,
        writePatchedAt(*weights.source, path, begin, std::move(weights.patches), job));
    TRY_DO(archive.end(checksum));
    TRY_DO(visitOtherMembers(network, [&](const OtherMember& member) -> Result<void> {
        if (member.entry != nullptr) {
            TRY(const auto packed, member.archive->packed(*member.entry));
            return archive.addPacked(*member.entry, packed);
        }
        TRY(const std::string content, member.text());
        return archive.add(member.name, content);
    }));
    if (texts.history)
        TRY_DO(archive.add(historyMember, *texts.history));
    return archive.finish();
}

std::vector<Problem> verifyKerasArchive(const Network& network, const JobContext& job)
{
    const V3Carried* const carried = carriedV3(network);
    if (carried == nullptr || carried->archive == nullptr)
        return {};
    const ZipEntry* const weights = carried->archive->find(weightsMember);
    if (weights == nullptr || weights->size <= checkedAtOnce)
        return {}; // was compared on opening
    const auto problem = checkWeights(*carried->archive, job);
    return problem ? std::vector<Problem>{ *problem } : std::vector<Problem>{};
}

} // namespace

extern const ModelFormat keras_archive;
const ModelFormat keras_archive{
    .title = WORDS("formats", "Keras archive"),
    .names = kerasArchiveNames,
    .patterns = kerasArchivePatterns,
    .recognise = recogniseKerasArchive,
    .read = readKerasArchive,
    .write = writeKerasArchive,
    .remarks = v3Remarks,
    .verify = verifyKerasArchive,
    .places = v3Places,
};

const V3Carried* carriedV3(const Network& network)
{
    const auto* carried = std::any_cast<std::shared_ptr<const V3Carried>>(&network.carried);
    return carried != nullptr ? carried->get() : nullptr;
}

} // namespace layerscope::formats
