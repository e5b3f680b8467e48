#include "model/analysis/doctor_rules.h"
#include "model/formats/diagnosis.h"
#include "model/formats/strangers.h"

#include <array>

namespace layerscope::analysis {

namespace {

namespace fs = std::filesystem;

/// What is known beyond the words of an error, by what they contain.
struct StrangerBackground
{
    std::string_view words;
    const char* rule;
    const char* why;
    const char* remedy;
};

constexpr const char* notHdf5
    = WORDS("doctor", "Keras says of it: Unable to open file (file signature not found).");
constexpr const char* getAgain = WORDS("doctor", "Copy or download it again.");
constexpr const char* saveFromThere = WORDS(
    "doctor", "Save the model as .keras or .h5 from the program that made it, if that can.");

constexpr auto strangerBackgrounds = std::to_array<StrangerBackground>({
    { "there is nothing at this path", "missing-path",
        WORDS("doctor",
            "Keras says of it: No file or directory found, or SavedModel file does not exist."),
        WORDS("doctor", "Check the name and the folder.") },
    { "where there is nothing", "missing-path",
        WORDS("doctor",
            "Keras says of it: No file or directory found, or SavedModel file does not exist."),
        WORDS("doctor", "Check what the link leads to.") },
    { "this file is empty", "empty-file", notHdf5, getAgain },
    { "Git LFS pointer", "lfs-pointer", notHdf5,
        WORDS("doctor",
            "Run 'git lfs pull' in the repository, or download the file itself from its page.") },
    { "this is a web page", "web-page", notHdf5,
        WORDS("doctor",
            "Open the link in a browser to see what the page says, then download the file "
            "itself.") },
    { "this file is cut short", "truncated",
        WORDS("doctor", "Keras says of it: Unable to open file (truncated file)."), getAgain },
    { "this HDF5 file is cut short", "truncated",
        WORDS("doctor", "Keras says of it: Unable to open file (truncated file)."), getAgain },
    { "whose first bytes are damaged", "damaged-signature", notHdf5, getAgain },
    { "no permission to read", "no-permission", WORDS("doctor", "No program of yours can read it."),
        WORDS("doctor", "Ask its owner, or run 'chmod +r' on it.") },
    { "this is a folder, and no saved model", "folder",
        WORDS("doctor",
            "Keras says of it: SavedModel file does not exist, or File format not supported."),
        WORDS("doctor", "Open a model in it.") },
    { "a device or a pipe", "device", nullptr, nullptr },
    { "this is a Python pickle", "pickle",
        WORDS("doctor",
            "A pickle is a program: whoever opens it runs it. Keras refuses it (File format not "
            "supported)."),
        WORDS("doctor", "Save the model with model.save('name.keras') in Keras.") },
    { "this is a PyTorch file", "pytorch", nullptr, saveFromThere },
    { "Keras archive", "archive-not-readable", WORDS("doctor", "Keras needs the archive whole."),
        getAgain },
    { "this is a zip archive", "zip-archive", notHdf5, WORDS("doctor", "Unpack it first.") },
    { "JSON text of an architecture", "architecture-only",
        WORDS("doctor", "It tells how the model is built; its weights are in another file."),
        WORDS("doctor", "Open the file of weights, and attach this architecture to it.") },
    { "a text file", "text-file", notHdf5, nullptr },
    { "a JSON text", "text-file", notHdf5, nullptr },
    { "an XML text", "web-page", notHdf5, nullptr },
    { "part of a TensorFlow checkpoint", "checkpoint-incomplete",
        WORDS("doctor", "An .index file tells where values lie; the .data files hold them."),
        WORDS("doctor", "Put the .index file and all .data files into one folder.") },
    { "HDF5 file, but no Keras model", "foreign-hdf5",
        WORDS("doctor", "Keras says of it: No model config found in the file."), nullptr },
    { "claims more values than the memory", "damaged",
        WORDS("doctor", "Keras cannot open it either."), getAgain },
    { "is damaged", "damaged", WORDS("doctor", "Keras cannot open it either."), getAgain },
});

std::string asSentence(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    if (!text.empty() && text.back() != '.')
        text += '.';
    return text;
}

/// A neighbour that could be opened instead.
std::string neighbour(const fs::path& path, std::string_view rule)
{
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (rule == "missing-path")
        if (const auto names = formats::namesNear(path); !names.empty())
            return (folder / names.front()).string();
    if (rule == "folder")
        if (const auto names = formats::modelsIn(path); !names.empty())
            return (path / names.front()).string();
    return {};
}

} // namespace

void examineStranger(const fs::path& path, const Error& error, Diagnosis& diagnosis)
{
    Finding finding;
    finding.rule = "unreadable";
    finding.severity = Severity::Error;
    finding.what = Sentence(asSentence(error.message()));
    const auto stranger = formats::identifyStranger(path);
    if (stranger && error.message() == stranger->clause()) {
        finding.rule = stranger->rule;
        finding.what = stranger->what;
        finding.remedy = Sentence(saveFromThere);
    }
    const auto known = std::find_if(strangerBackgrounds.begin(), strangerBackgrounds.end(),
        [&](const StrangerBackground& background) {
            return error.message().find(background.words) != std::string::npos;
        });
    if (finding.rule == "unreadable" && known != strangerBackgrounds.end()) {
        finding.rule = known->rule;
        if (known->why != nullptr)
            finding.why = Sentence(known->why);
        if (known->remedy != nullptr)
            finding.remedy = Sentence(known->remedy);
    }
    if (const std::string other = neighbour(path, finding.rule); !other.empty())
        finding.action = { RemedyKind::OpenAnother, other };
    if (error.places().size() > 1) // the first is the file itself
        for (std::size_t i = 1; i < error.places().size(); ++i)
            finding.where += (i > 1 ? ": " : "") + error.places()[i];
    diagnosis.what = finding.what;
    diagnosis.findings.push_back(std::move(finding));
}

} // namespace layerscope::analysis
