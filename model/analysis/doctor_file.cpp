#include "model/analysis/doctor_rules.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace layerscope::analysis {

namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

bool endsWithAny(const std::string& name, std::initializer_list<std::string_view> suffixes)
{
    return std::ranges::any_of(
        suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

/// The name decides what Keras takes the file for, whatever it is.
void examineSuffix(const Traits& traits, Diagnosis& diagnosis)
{
    const std::string name = traits.network.file.path.filename().string();
    const auto add = [&](const char* rule, Severity severity, Sentence what, Sentence why,
                         Sentence remedy, RemedyAction action = {}) {
        diagnosis.findings.push_back({ rule, severity, {}, false, std::move(what), std::move(why),
            std::move(remedy), std::move(action) });
    };
    switch (traits.container) {
    case Container::Hdf5:
        if (endsWithAny(name, { ".keras" }))
            add("hdf5-named-keras", Severity::Warning,
                { WORDS("doctor",
                      "This is a sound Keras HDF5 model under the name .keras, as Keras %1 writes "
                      "it."),
                    traits.network.file.kerasVersion.empty() ? "2.12"
                                                             : traits.network.file.kerasVersion },
                WORDS("doctor",
                    "Keras 3 takes every .keras file for a zip archive and says that this one is "
                    "not found (Please ensure the file is an accessible `.keras` zip file)."),
                WORDS("doctor", "Rename it to .h5, or save it as .keras for Keras 3."),
                { RemedyKind::SaveAs, "keras" });
        else if (!endsWithAny(name, { ".h5", ".hdf5", ".hdf", ".he5", ".keras" }))
            add("name-without-suffix", Severity::Note,
                WORDS("doctor", "The name of this Keras HDF5 model does not end in .h5."),
                WORDS("doctor",
                    "Keras 3 goes by the name and refuses it (File format not supported; Invalid "
                    "filepath extension)."),
                WORDS("doctor", "Rename it to .h5."));
        break;
    case Container::Archive:
        if (!endsWithAny(name, { ".keras" }) && !name.empty()
            && !fs::is_directory(traits.network.file.path))
            add("archive-named-otherwise", Severity::Warning,
                WORDS("doctor", "This is a .keras archive under another name."),
                WORDS("doctor",
                    "Keras goes by the name: it takes it for HDF5 (file signature not found), or "
                    "refuses it (The filepath provided must end in `.keras`)."),
                WORDS("doctor", "Rename it to .keras."));
        break;
    case Container::NewWeights:
        if (!endsWithAny(name, { ".weights.h5", ".weights.json" }))
            add("weights-named-otherwise", Severity::Warning,
                WORDS("doctor",
                    "This is a weights file of the newer layout, and its name does not end in "
                    ".weights.h5."),
                WORDS("doctor",
                    "Keras 3 refuses the name (The filename must end in `.weights.h5`); under .h5 "
                    "load_weights takes it for the old layout."),
                WORDS("doctor", "Rename it so that it ends in .weights.h5."));
        break;
    default:
        break;
    }
}

void examineContents(const Traits& traits, Diagnosis& diagnosis)
{
    const Network& network = traits.network;
    std::vector<std::string> layers;
    for (const Layer& layer : network.model.layers)
        layers.push_back(layer.name);
    const bool isWeights = traits.container == Container::Hdf5Weights
        || traits.container == Container::NewWeights || traits.container == Container::Checkpoint
        || traits.container == Container::Arrays;
    if (isWeights)
        diagnosis.findings.push_back({ "no-architecture", Severity::Note, {}, false,
            { WORDS("doctor", "Weights of %1 layers, no architecture: %2."), layers.size(),
                listed(layers) },
            WORDS("doctor",
                "load_model cannot open it (No model config found in the file); load_weights can, "
                "into a model of exactly these layers. ModelCheckpoint writes such files for "
                "subclassed models without saying so."),
            WORDS("doctor", "Attach the architecture from another file of the same model."),
            { RemedyKind::AttachArchitecture, {} } });
    if (network.file.format == "weights.h5-keras2" && traits.minor > 0 && traits.minor <= 12)
        diagnosis.findings.push_back({ "weights-layout-2.12", Severity::Note, {}, false,
            WORDS("doctor",
                "The layout is that of Keras 2.12 (_layer_checkpoint_dependencies), where layers "
                "are numbered in another way."),
            WORDS("doctor",
                "Keras 2.13 and later read no weights from it (Layer expected 2 variables, but "
                "received 0 variables during loading)."),
            WORDS("doctor", "Save it anew for Keras 2.15 or Keras 3."),
            { RemedyKind::SaveAs, "weights.h5-keras2" } });
    if (traits.container == Container::SavedModel)
        diagnosis.findings.push_back({ "savedmodel-for-keras3", Severity::Note, {}, false,
            WORDS("doctor",
                "This is a TensorFlow SavedModel with Keras's layers, training set-up and all."),
            WORDS("doctor",
                "load_model of Keras 3 refuses every SavedModel (File format not supported … "
                "TFSMLayer)."),
            WORDS("doctor", "Save it as .keras for Keras 3."), { RemedyKind::SaveAs, "keras" } });
    if (traits.container == Container::InferenceGraph)
        diagnosis.findings.push_back({ "inference-graph", Severity::Warning, {}, false,
            WORDS("doctor",
                "This SavedModel is an inference graph: no layers, no training set-up, no "
                "optimizer (there is no keras_metadata.pb)."),
            WORDS("doctor",
                "Keras cannot load it as a model (SavedModel saved prior to TF 2.5 detected); "
                "weights can be looked at and exported."),
            WORDS("doctor", "To train on, open the .keras or .h5 file of the same model."), {} });
}

void examineAge(const Traits& traits, Diagnosis& diagnosis)
{
    const FileFacts& file = traits.network.file;
    const bool isHdf5
        = traits.container == Container::Hdf5 || traits.container == Container::Hdf5Weights;
    if (!isHdf5)
        return;
    const bool isOld = traits.network.generation == KerasGeneration::Keras1
        || (traits.major == 2 && traits.minor <= 4);
    if (file.backend == "theano" || traits.network.generation == KerasGeneration::Keras1)
        diagnosis.findings.push_back({ "old-backend", Severity::Note, "/", false,
            { WORDS("doctor", "The file says: keras_version %1, backend %2."),
                file.kerasVersion.empty() ? "1" : file.kerasVersion,
                file.backend.empty() ? "none" : file.backend },
            WORDS("doctor",
                "By these two attributes Keras turns kernels of Keras 1 and of Theano around; "
                "where they are wrong, or models are nested, it fails (axes don't match array)."),
            WORDS("doctor", "Save it for Keras 2.15: the weights are then in today's order."),
            { RemedyKind::SaveAs, "h5-keras2" } });
    if (isOld)
        diagnosis.findings.push_back({ "h5py-3", Severity::Note, "/", false,
            WORDS(
                "doctor", "The file is fine, but it is of the time of TensorFlow 2.3 and before."),
            WORDS("doctor",
                "TensorFlow 2.3 and before fail on every file where h5py 3 is installed ('str' "
                "object has no attribute 'decode')."),
            WORDS("doctor", "There, install h5py older than 3; later TensorFlow needs nothing.") });
}

} // namespace

void examineFile(const Traits& traits, Diagnosis& diagnosis)
{
    examineSuffix(traits, diagnosis);
    examineContents(traits, diagnosis);
    examineAge(traits, diagnosis);
    diagnosis.checked.emplace_back(
        WORDS("doctor", "the file's kind by its contents, not its name"));
    diagnosis.checked.emplace_back(WORDS("doctor", "structure and length of the file"));
}

} // namespace layerscope::analysis
