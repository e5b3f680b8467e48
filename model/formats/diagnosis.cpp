#include "model/formats/diagnosis.h"

#include "model/containers/hdf5.h"
#include "model/containers/system_failure.h"
#include "model/formats/strangers.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <unistd.h>

namespace layerscope::formats {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

namespace {

constexpr std::size_t mostNeighbours = 5000;

std::string lowered(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// Number of letters to insert, delete or change (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({ above + 1, row[j] + 1, diagonal + (a[i] != b[j] ? 1U : 0U) });
            diagonal = above;
        }
    }
    return row.back();
}

bool looksLikeModel(const fs::path& name)
{
    static constexpr std::array suffixes{ ".h5"sv, ".hdf5"sv, ".keras"sv, ".pb"sv, ".index"sv };
    return std::ranges::find(suffixes, lowered(name.extension().string())) != suffixes.end();
}

/// Names in `folder`, the models among them first, at most `mostNeighbours` looked at.
std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code failed;
    fs::directory_iterator entry(folder, failed);
    for (; !failed && entry != fs::directory_iterator() && names.size() < mostNeighbours;
         entry.increment(failed))
        names.push_back(entry->path().filename().string());
    std::ranges::sort(names);
    std::ranges::stable_partition(names, [](const std::string& n) { return looksLikeModel(n); });
    return names;
}

std::string joined(const std::vector<std::string>& names, std::size_t most)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return names.size() > most ? text + " …" : text;
}

Error missing(const fs::path& path)
{
    std::error_code none;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, none))
        return { ErrorKind::NotFound,
            "there is nothing at this path, nor a folder " + folder.string() };
    const std::vector<std::string> names = namesNear(path);
    return { ErrorKind::NotFound,
        "there is nothing at this path"
            + (names.empty() ? std::string("; check the spelling of the name")
                             : "; nearby: " + joined(names, 3)) };
}

bool startsWith(std::string_view head, std::string_view magic, std::size_t at = 0)
{
    return head.size() >= at + magic.size() && head.substr(at, magic.size()) == magic;
}

struct FileSignature
{
    std::string_view magic;
    std::size_t at;
    std::string_view what;
};

constexpr std::string_view notAModel = "; no model can be read from it";

constexpr std::array signatures{
    FileSignature{ "\x89PNG\r\n\x1a\n", 0, "a PNG picture" },
    FileSignature{ "\xFF\xD8\xFF", 0, "a JPEG picture" },
    FileSignature{ "GIF8", 0, "a GIF picture" },
    FileSignature{ "%PDF-", 0, "a PDF document" },
    FileSignature{ "\x93NUMPY", 0, "a NumPy array (.npy)" },
    FileSignature{ "\x1f\x8b", 0, "compressed with gzip; unpack it first" },
    FileSignature{ "BZh", 0, "compressed with bzip2; unpack it first" },
    FileSignature{ "\xFD"
                   "7zXZ",
        0, "compressed with xz; unpack it first" },
    FileSignature{ "7z\xBC\xAF\x27\x1C", 0, "a 7-Zip archive; unpack it first" },
    FileSignature{ "Rar!", 0, "a RAR archive; unpack it first" },
    FileSignature{ "ustar", 257, "a tar archive; unpack it first" },
    FileSignature{ "SQLite format 3", 0, "an SQLite database" },
    FileSignature{ "\x7F"
                   "ELF",
        0, "a program" },
    FileSignature{ "MATLAB 5.0", 0, "a MATLAB file" },
};

/// "version https://git-lfs.github.com/spec/v1 … size 102853048"
std::string lfsPointer(std::string_view head)
{
    std::uint64_t size = 0;
    if (const std::size_t at = head.find("\nsize "); at != std::string_view::npos)
        std::from_chars(head.data() + at + 6, head.data() + head.size(), size);
    return "this is a Git LFS pointer, not the model itself; the real file has "
        + withThousands(size) + " bytes; run 'git lfs pull' to get it";
}

/// Length of the UTF-8 sequence at `at`, 0 if there is none or it is a control character.
std::size_t characterLength(std::string_view text, std::size_t at)
{
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80)
        return first >= 0x20 || std::string_view("\n\r\t\f").find(text[at]) != text.npos ? 1 : 0;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    for (std::size_t i = 1; i < length; ++i)
        if (at + i < text.size() && (static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U)
            return 0;
    return length;
}

bool isText(std::string_view head)
{
    for (std::size_t at = 0; at < head.size();) {
        const std::size_t length = characterLength(head, at);
        if (length == 0)
            return false;
        at += length;
    }
    return !head.empty();
}

std::string describeZip(std::string_view head)
{
    if (head.find("data.pkl") != std::string_view::npos)
        return "this is a PyTorch file, not a Keras model";
    if (head.find(".npy") != std::string_view::npos)
        return "this is a NumPy archive (.npz), not a model";
    return "this is a zip archive, not a model; unpack it first";
}

std::string describeText(std::string_view head, std::string_view start)
{
    if (startsWith(head, "version https://git-lfs"))
        return lfsPointer(head);
    if (start.starts_with("<!doctype html") || start.starts_with("<html")
        || start.starts_with("<head"))
        return "this is a web page, not a model: the download gave an error or log-in page; "
               "download the file itself again";
    if (start.starts_with("<?xml") || start.starts_with("<"))
        return "this is an XML text, not a model; download the file itself again";
    if (start.starts_with("{") && head.find("\"class_name\"") != std::string_view::npos)
        return "this is the JSON text of an architecture, without any weights; open a saved model";
    if (start.starts_with("{") || start.starts_with("["))
        return "this is a JSON text, not a model";
    std::size_t end = 0;
    while (end < std::min(head.size(), std::size_t{ 40 }) && head[end] != '\n' && head[end] != '\r')
        end += std::max(characterLength(head, end), std::size_t{ 1 });
    const std::string line(head.substr(0, end));
    return "this is a text file, not a model; it begins with \"" + line + "\"";
}

std::string firstBytes(std::string_view head)
{
    std::string text;
    for (const char c : head.substr(0, 8)) {
        std::array<char, 4> hex{};
        std::snprintf(
            hex.data(), hex.size(), "%02X ", static_cast<unsigned>(static_cast<unsigned char>(c)));
        text += hex.data();
    }
    return text.substr(0, text.empty() ? 0 : text.size() - 1);
}

/// `head` is the beginning of the file, `start` the same in lower case without leading blanks.
std::string describe(const fs::path& path, std::string_view head, std::string_view start)
{
    if (head.size() < 8 && "\x89HDF\r\n\x1a\n"sv.starts_with(head))
        return "this file is cut short: only the first " + std::to_string(head.size())
            + " bytes of an HDF5 file are here; copy or download it again";
    if (startsWith(head, "HDF\r\n\x1a\n"sv, 1) || startsWith(head, "\x89HDF\n"))
        return "this looks like an HDF5 file whose first bytes are damaged, as after a transfer in "
               "text mode; copy or download it again";
    if (startsWith(head, "PK\x03\x04") || startsWith(head, "PK\x05\x06"))
        return describeZip(head);
    for (const FileSignature& signature : signatures)
        if (startsWith(head, signature.magic, signature.at))
            return "this is " + std::string(signature.what) + std::string(notAModel);
    if (head.size() > 1 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5)
        return "this is a Python pickle, which could run any code and is not opened; save the "
               "model "
               "with model.save('name.h5') in Keras";
    if (isText(head.substr(0, 512)))
        return describeText(head, start);
    if (path.extension() == ".index"
        || path.filename().string().find(".data-0") != std::string::npos)
        return "this is part of a TensorFlow checkpoint that is damaged or not complete; an .index "
               "file and its .data files belong together";
    return "this is not a saved model of a kind known here; it begins with the bytes "
        + firstBytes(head);
}

std::string readHead(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string head(65536, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(file.gcount()));
    return head;
}

} // namespace

std::vector<std::string> namesNear(const fs::path& path)
{
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const std::string wanted = lowered(path.filename().string());
    const std::string stem = lowered(path.stem().string());
    std::multimap<std::size_t, std::string> near; // the nearest first
    for (const std::string& name : namesIn(folder)) {
        const std::string other = lowered(name);
        const bool sharesStem = stem.size() >= 3
            && (other.starts_with(stem)
                || wanted.starts_with(lowered(fs::path(name).stem().string()) + "."));
        const std::size_t changes = wanted.size() < 256 ? distance(wanted, other) : wanted.size();
        if (sharesStem || changes <= 1 + wanted.size() / 4)
            near.emplace(changes, name);
    }
    std::vector<std::string> names;
    for (const auto& [changes, name] : near)
        names.push_back(name);
    return names;
}

std::vector<std::string> modelsIn(const fs::path& folder)
{
    std::vector<std::string> models;
    for (const std::string& name : namesIn(folder))
        if (looksLikeModel(name))
            models.push_back(name);
    return models;
}

std::string withThousands(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::optional<Error> obviousFault(const fs::path& path)
{
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    if (status.type() == fs::file_type::not_found) {
        std::error_code none;
        if (fs::is_symlink(path, none))
            return Error(ErrorKind::NotFound,
                "this is a link to " + fs::read_symlink(path, none).string()
                    + ", where there is nothing");
        return missing(path);
    }
    if (failed)
        return containers::readError(failed.value());
    if (fs::is_directory(status))
        return describeFolder(path);
    if (!fs::is_regular_file(status))
        return Error(ErrorKind::NotReadable, "this is a device or a pipe, not a file");
    if (::access(path.c_str(), R_OK) != 0)
        return containers::readError(EACCES);
    if (fs::file_size(path, failed) == 0)
        return Error(ErrorKind::Corrupt,
            "this file is empty: a download or a save was broken off; get it again");
    return std::nullopt;
}

Error describeStranger(const fs::path& path)
{
    if (const auto stranger = identifyStranger(path))
        return { ErrorKind::WrongFormat, stranger->clause() };
    const std::string head = readHead(path);
    std::string start = lowered(std::string_view(head).substr(0, 512));
    if (start.starts_with("\xEF\xBB\xBF"))
        start.erase(0, 3);
    start.erase(0, std::min(start.find_first_not_of(" \t\r\n"), start.size()));
    return { ErrorKind::WrongFormat, describe(path, head, start) };
}

Error describeFolder(const fs::path& path)
{
    std::error_code none;
    if (fs::exists(path / "saved_model.pb", none) || fs::exists(path / "saved_model.pbtxt", none))
        return { ErrorKind::Unsupported,
            "this TensorFlow SavedModel cannot be read by this version; save the model as .h5 in "
            "Keras" };
    const std::vector<std::string> models = modelsIn(path);
    return { ErrorKind::WrongFormat,
        "this is a folder, and no saved model"
            + (models.empty() ? std::string("; open a file in it")
                              : "; open a file in it: " + joined(models, 3)) };
}

std::optional<Error> truncation(const fs::path& path)
{
    const auto file = containers::MappedFile::open(path);
    if (!file || !containers::findHdf5Signature((*file)->bytes()))
        return std::nullopt;
    const auto declared = containers::declaredHdf5Length((*file)->bytes());
    const std::uint64_t here = (*file)->size();
    if (!declared)
        return here < 96 ? std::optional(Error(ErrorKind::Corrupt,
                   "this HDF5 file is cut short: only " + withThousands(here)
                       + " bytes are here; copy or download it again"))
                         : std::nullopt;
    if (*declared <= here)
        return std::nullopt;
    return Error(ErrorKind::Corrupt,
        "this HDF5 file is cut short: " + withThousands(here) + " of " + withThousands(*declared)
            + " bytes are here; copy or download it again");
}

} // namespace layerscope::formats
