#include "model/analysis/doctor_rules.h"
#include "model/containers/hdf5.h"
#include "model/formats/format.h"

#include <cstring>
#include <set>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

namespace layerscope::analysis {

namespace {

namespace fs = std::filesystem;
using containers::MappedFile;

/// A larger rest is not copied only to be looked into.
constexpr std::uint64_t mostCopied = std::uint64_t{ 1 } << 30;
constexpr std::uint64_t longestFile = std::uint64_t{ 1 } << 40;

/// A file in memory as long as the damaged one should be: what is here, and zeros.
class PaddedCopy
{
public:
    PaddedCopy(const MappedFile& file, std::uint64_t length)
    {
        if (file.size() > mostCopied || length > longestFile)
            return;
        m_descriptor = ::memfd_create("layerscope", MFD_CLOEXEC);
        if (m_descriptor < 0)
            return;
        off_t offset = 0;
        while (static_cast<std::uint64_t>(offset) < file.size()) {
            const auto rest = file.size() - static_cast<std::uint64_t>(offset);
            if (::sendfile(m_descriptor, file.descriptor(), &offset, rest) <= 0)
                return;
        }
        m_isSound = ::ftruncate(m_descriptor, static_cast<off_t>(length)) == 0;
    }
    ~PaddedCopy()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    PaddedCopy(const PaddedCopy&) = delete;
    PaddedCopy& operator=(const PaddedCopy&) = delete;

    bool isSound() const { return m_isSound; }
    void write(std::uint64_t offset, std::string_view bytes) const
    {
        if (::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset)) < 0)
            return; // what is missing stays missing
    }
    fs::path path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    int m_descriptor = -1;
    bool m_isSound = false;
};

std::uint32_t number(std::span<const std::byte> bytes, std::size_t at, std::size_t width)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

/// A group keeps the names of its members apart from everything else, and where the list had to
/// grow it lies behind the weights: a file that is cut among them lacks it. The names are known,
/// though, from the order of the alphabet that the members stand in.
class LostNames
{
public:
    LostNames(std::span<const std::byte> file, const PaddedCopy& copy)
        : m_file(file)
        , m_copy(copy)
    {
    }

    void restore() const
    {
        // Superblock 0 with lengths of 8 bytes: the root's entry holds its tree and its names.
        constexpr std::uint64_t rootTree = 80, lengthSizes = 13;
        if (!has(0, 96) || m_file[8] != std::byte{ 0 } || number(m_file, lengthSizes, 2) != 0x0808)
            return;
        forgetLostGroups();
        const Group root{ word(rootTree), word(rootTree + 8) };
        write(root, { "model_weights", "optimizer_weights" });
        const auto members = membersOf(root);
        if (members.empty() || !has(members.front(), entryLength)
            || number(m_file, members.front() + 16, 4) != 1) // its tree and names are not beside it
            return;
        const Group weights{ word(members.front() + 24), word(members.front() + 32) };
        std::vector<std::string> numbers;
        for (std::size_t i = 0; i < membersOf(weights).size(); ++i)
            numbers.push_back(std::to_string(100000 + i).substr(1)); // in order as texts, too
        if (write(weights, numbers))
            write(weights, layerNames(numbers.size()));
    }

private:
    static constexpr std::uint64_t entryLength = 40;
    static constexpr std::size_t mostMembers = 100000;

    struct Group
    {
        std::uint64_t tree;
        std::uint64_t names;
    };

    /// Beside the name of a group stands where its own tree and names are, to spare a look into its
    /// header. Where these are cut off the whole list would be taken for damaged: without them only
    /// that group is.
    void forgetLostGroups() const
    {
        constexpr std::size_t mostEntries = 64; // twice the leaf's K, which h5py leaves at 4
        for (std::uint64_t at = 0; at + 8 <= m_file.size(); at += 8) {
            if (!is(at, "SNOD", 8))
                continue;
            const std::size_t count = number(m_file, at + 6, 2);
            for (std::size_t i = 0; i < std::min(count, mostEntries); ++i) {
                const std::uint64_t entry = at + 8 + entryLength * i;
                if (has(entry, entryLength) && number(m_file, entry + 16, 4) == 1
                    && !isWhole({ word(entry + 24), word(entry + 32) }))
                    m_copy.write(entry + 16, std::string(4, '\0'));
            }
        }
    }

    bool isWhole(const Group& group) const
    {
        return is(group.tree, "TREE", 32) && is(group.names, "HEAP", 32)
            && has(word(group.names + 24), word(group.names + 8));
    }

    /// Where the entries of the members lie, in the order of their names.
    std::vector<std::uint64_t> membersOf(const Group& group) const
    {
        std::vector<std::uint64_t> entries;
        if (!is(group.tree, "TREE", 24) || number(m_file, group.tree + 5, 1) != 0)
            return entries;
        const std::size_t nodes = number(m_file, group.tree + 6, 2);
        for (std::size_t node = 0; node < nodes && has(group.tree + 32 + 16 * node, 8); ++node) {
            const std::uint64_t symbols = word(group.tree + 32 + 16 * node);
            if (!is(symbols, "SNOD", 8))
                return {};
            const std::size_t count = number(m_file, symbols + 6, 2);
            for (std::size_t i = 0; i < count && entries.size() < mostMembers; ++i)
                entries.push_back(symbols + 8 + entryLength * i);
        }
        return entries;
    }

    /// Puts the names where they belong, if they are lost and as many as members.
    bool write(const Group& group, const std::vector<std::string>& names) const
    {
        const auto entries = membersOf(group);
        if (!is(group.names, "HEAP", 32) || entries.size() > names.size() || entries.empty())
            return false;
        const std::uint64_t length = word(group.names + 8), begin = word(group.names + 24);
        if (has(begin, length))
            return false; // they are here
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const std::uint64_t offset = has(entries[i], entryLength) ? word(entries[i]) : length;
            if (offset < length && names[i].size() < length - offset)
                m_copy.write(begin + offset, names[i] + '\0');
        }
        const std::string nothingFree("\1\0\0\0\0\0\0\0", 8);
        m_copy.write(group.names + 16, nothingFree);
        return true;
    }

    /// What model_weights lists, first parts alone, in the order of the alphabet.
    std::vector<std::string> layerNames(std::size_t count) const
    {
        const auto listed = [this]() -> Result<std::vector<std::string>> {
            TRY(const auto file, MappedFile::open(m_copy.path()));
            TRY(const auto hdf5, containers::Hdf5File::open(*file));
            TRY(const auto root, hdf5.root());
            TRY(const auto group, root.group("model_weights"));
            return group.nameList("layer_names");
        }();
        std::set<std::string> names;
        if (listed)
            for (const std::string& name : *listed)
                names.insert(name.substr(0, name.find('/')));
        if (names.size() + 1 == count)
            names.insert("top_level_model_weights");
        return names.size() == count ? std::vector<std::string>(names.begin(), names.end())
                                     : std::vector<std::string>();
    }

    bool has(std::uint64_t at, std::uint64_t length) const
    {
        return at <= m_file.size() && length <= m_file.size() - at;
    }
    bool is(std::uint64_t at, std::string_view signature, std::uint64_t length) const
    {
        return has(at, length)
            && std::memcmp(m_file.data() + at, signature.data(), signature.size()) == 0;
    }
    std::uint64_t word(std::uint64_t at) const
    {
        return number(m_file, at, 4) | std::uint64_t{ number(m_file, at + 4, 4) } << 32U;
    }

    std::span<const std::byte> m_file;
    const PaddedCopy& m_copy;
};

bool isHere(const StoredTensor& value, std::uint64_t bytesHere)
{
    if (const auto extent = value.extent())
        return extent->offset <= bytesHere && extent->length <= bytesHere - extent->offset;
    return value.load().hasValue();
}

/// Sorts the layers that have weights by whether all of them are here.
void sortLayers(const Network& network, std::uint64_t bytesHere, Diagnosis& diagnosis)
{
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& names) {
        if (layer.weights.empty())
            return;
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : "/") + name;
        const bool isWhole = std::ranges::all_of(layer.weights,
            [&](WeightIndex index) { return isHere(network.weights[index].value, bytesHere); });
        (isWhole ? diagnosis.intact : diagnosis.lost).push_back(path);
    });
}

void examineHdf5(const MappedFile& file, Diagnosis& diagnosis)
{
    const auto declared = containers::declaredHdf5Length(file.bytes());
    if (!declared || *declared <= file.size())
        return;
    diagnosis.damage = Damage{ file.size(), *declared, false };
    const PaddedCopy copy(file, *declared);
    if (!copy.isSound())
        return;
    LostNames(file.bytes(), copy).restore();
    const auto network = formats::openNetwork(copy.path());
    if (!network)
        return;
    diagnosis.kerasVersion = network->file.kerasVersion;
    sortLayers(*network, file.size(), diagnosis);
}

/// A zip archive's directory is at its end; without it the members tell of themselves one after the
/// other.
void examineZip(const MappedFile& file, Diagnosis& diagnosis)
{
    constexpr std::size_t headerLength = 30;
    constexpr std::uint32_t header = 0x04034B50;
    const auto bytes = file.bytes();
    std::uint64_t at = 0;
    while (at + headerLength <= bytes.size() && number(bytes, at, 4) == header) {
        const std::uint64_t packed = number(bytes, at + 18, 4);
        const std::size_t nameLength = number(bytes, at + 26, 2);
        const std::uint64_t begin = at + headerLength + nameLength + number(bytes, at + 28, 2);
        if (begin > bytes.size())
            break;
        const std::string name(
            reinterpret_cast<const char*>(bytes.data()) + at + headerLength, nameLength);
        if (packed == 0xFFFFFFFF || (number(bytes, at + 6, 2) & 8U) != 0)
            return; // its length stands elsewhere
        if (begin + packed > bytes.size()) {
            diagnosis.lost.push_back(name);
            diagnosis.damage = Damage{ bytes.size(), begin + packed, true };
            return;
        }
        diagnosis.intact.push_back(name);
        at = begin + packed;
    }
    if (at + 4 <= bytes.size() && number(bytes, at, 4) == header)
        diagnosis.damage = Damage{ bytes.size(), at + headerLength, true };
}

Sentence percentSentence(const Damage& damage)
{
    if (damage.atLeast)
        return { WORDS("doctor",
                     "%1 % of the file is here at most: it ends at byte %2, and goes on to byte %3 "
                     "at least."),
            damage.percent(), damage.bytesHere, damage.bytesExpected };
    return { WORDS("doctor",
                 "%1 % of the file is here: it ends at byte %2 of %3. What comes after is lost."),
        damage.percent(), damage.bytesHere, damage.bytesExpected };
}

} // namespace

double Damage::percent() const
{
    return bytesExpected > 0
        ? 100.0 * static_cast<double>(bytesHere) / static_cast<double>(bytesExpected)
        : 0.0;
}

void examineDamage(const fs::path& path, Diagnosis& diagnosis)
{
    const auto file = MappedFile::open(path);
    if (!file || (*file)->size() < 8)
        return;
    if (containers::findHdf5Signature((*file)->bytes()))
        examineHdf5(**file, diagnosis);
    else
        examineZip(**file, diagnosis);
    if (!diagnosis.damage)
        return;
    const bool isArchive = diagnosis.damage->atLeast;
    Finding finding;
    finding.rule = "truncated";
    finding.severity = Severity::Error;
    finding.what = percentSentence(*diagnosis.damage);
    finding.why = Sentence(WORDS("doctor",
        "Keras refuses the whole file (truncated file: eof, stored_eof): a download or a copy was "
        "broken off, or the disk was full."));
    if (!diagnosis.intact.empty())
        finding.remedy = isArchive
            ? Sentence(WORDS("doctor", "Copy or download it again. These members are intact: %1."),
                listed(diagnosis.intact))
            : Sentence(WORDS("doctor",
                           "Copy or download it again. The weights of these layers are intact: "
                           "%1."),
                listed(diagnosis.intact));
    else
        finding.remedy = Sentence(WORDS("doctor", "Copy or download it again."));
    std::erase_if(
        diagnosis.findings, [](const Finding& other) { return other.rule == "truncated"; });
    diagnosis.findings.push_back(std::move(finding));
}

} // namespace layerscope::analysis
